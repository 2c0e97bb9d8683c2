/** What a process uses. */

/** Ticks of a second in `/proc/PID/stat`: `USER_HZ`, 100 on every Linux that Deno runs on. */
const TICKS = 100;

/** The processor time that a process has used; `undefined` without a process or without `/proc`. */
export async function cpuSeconds(
  pid: number | undefined,
): Promise<number | undefined> {
  if (pid === undefined || Deno.build.os !== "linux") return undefined;
  const stat = await output("cat", `/proc/${pid}/stat`);
  // The name of the program, in parentheses, may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** The memory of a process that is in RAM, in kilobytes. */
export async function residentKilobytes(pid: number): Promise<number> {
  return Number(await output("ps", "-o", "rss=", "-p", `${pid}`));
}

/** The most memory of a process that was ever in RAM at once, in kilobytes; `undefined` without `/proc`. */
export async function peakKilobytes(pid: number): Promise<number | undefined> {
  if (Deno.build.os !== "linux") return undefined;
  const status = await output("cat", `/proc/${pid}/status`);
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]);
}

/** How many files and sockets a process has open; `undefined` without `/proc`. */
export async function openFiles(pid: number): Promise<number | undefined> {
  if (Deno.build.os !== "linux") return undefined;
  return (await output("ls", `/proc/${pid}/fd`)).trimEnd().split("\n").length;
}

/** By a program: Deno reads nothing in `/proc` without all permissions. */
async function output(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command(program, { args }).output();
  return new TextDecoder().decode(stdout);
}
