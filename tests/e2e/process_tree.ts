import { run } from "./rdsiam.ts";

/** The command lines of a process and of all that it has started, as `ps` shows them: nothing of what runs beside. */
export async function commandLines(pid: number): Promise<string> {
  const { stdout } = await run(["ps", "-A", "-o", "pid=,ppid=,args="]);
  const processes = stdout.trim().split("\n").map((line) => {
    const [, own, parent, args = ""] = /^ *(\d+) +(\d+) (.*)$/.exec(line) ?? [];
    return { own: Number(own), parent: Number(parent), args };
  });
  const lines: string[] = [];
  function collect(pid: number) {
    for (const { own, parent, args } of processes) {
      if (own === pid) lines.push(args);
      if (parent === pid) collect(own);
    }
  }
  collect(pid);
  return lines.join("\n");
}
