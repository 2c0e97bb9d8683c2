import { RdsiamError } from "../../core/errors.ts";
import type { Shell } from "../../core/ports/process.ts";
import { endGroup, feed, signalChild, startProgram } from "./run_program.ts";

/** How long a command may take, in milliseconds: renewals wait for it, and have minutes to spare. */
const DEADLINE_MS = 60_000;

/**
 * Runs commands of the system's shell.
 *
 * @param deadlineMs how long a command may take, in milliseconds
 */
export function createShell(deadlineMs = DEADLINE_MS): Shell {
  return {
    async run(command, input, environment, stop) {
      // In a group of its own it can be ended with all that it has started; without a signal it ends with this process's.
      const child = start(command, environment, stop !== undefined);
      const end = () => void endGroup(child, 0);
      if (stop?.aborted) end();
      stop?.addEventListener("abort", end);
      const timer = setTimeout(() => signalChild(child, "SIGTERM"), deadlineMs);
      try {
        await feed(child, input);
        const { code, signal } = await child.status;
        if (code === 0 || stop?.aborted) return;
        throw new RdsiamError(
          "failed",
          signal === null
            ? `Command "${command}" failed: it exited with ${code}`
            : `Command "${command}" failed: ${signal} ended it`,
          signal === "SIGTERM"
            ? { hint: `It may take ${deadlineMs / 1000} seconds` }
            : {},
        );
      } finally {
        clearTimeout(timer);
        stop?.removeEventListener("abort", end);
      }
    },
  };
}

/** Its output is not rdsiam's result, so it goes where progress does. */
function start(
  command: string,
  environment: Readonly<Record<string, string>>,
  isInGroup: boolean,
): Deno.ChildProcess {
  const shell = Deno.build.os === "windows"
    ? ["cmd", "/d", "/s", "/c", `(${command}) 1>&2`] as const
    : ["/bin/sh", "-c", `{ ${command}\n} 1>&2`] as const;
  try {
    return startProgram(shell, {
      env: environment,
      stdin: "piped",
      stdout: "inherit",
      stderr: "inherit",
      detached: isInGroup && Deno.build.os !== "windows",
    });
  } catch (cause) {
    throw new RdsiamError("failed", `The shell ${shell[0]} cannot be started`, {
      cause,
    });
  }
}
