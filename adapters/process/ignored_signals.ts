import { constants } from "node:os";

let ignored: ReadonlySet<string> | undefined;

/**
 * The signals that this process was started with ignoring, as by nohup or in the background of a script. Linux alone tells
 * which those are. What listens to them must do nothing; and Deno, once it listens to any signal, ends the process by those
 * that usually do and nobody listens to, and gives children the usual disposition of all.
 */
export function ignoredSignals(): ReadonlySet<string> {
  return ignored ??= readIgnored();
}

function readIgnored(): ReadonlySet<string> {
  if (Deno.build.os !== "linux") return new Set();
  try {
    // A child has inherited them; Deno itself reads nothing of /proc without all permissions.
    const { stdout } = new Deno.Command("/bin/cat", {
      args: ["/proc/self/status"],
      stdin: "null",
      stderr: "null",
    }).outputSync();
    return ignoredOf(new TextDecoder().decode(stdout));
  } catch {
    return new Set();
  }
}

/** The ignored signals of a process, by what `/proc/PID/status` says of it (proc(5), `SigIgn`). */
export function ignoredOf(status: string): ReadonlySet<string> {
  const mask = BigInt(`0x${/^SigIgn:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? 0}`);
  const all = Object.entries(constants.signals);
  return new Set(
    all.filter(([, number]) => (mask >> BigInt(number - 1) & 1n) === 1n)
      .map(([name]) => name),
  );
}
