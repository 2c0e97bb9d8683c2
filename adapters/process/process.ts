import { constants } from "node:os";
import process from "node:process";
import type { Child, ExitStatus, Processes } from "../../core/ports/process.ts";
import { ignoredSignals } from "./ignored_signals.ts";
import { signalChild, startProgram } from "./run_program.ts";

/** Signals that end this process by default and are passed on instead. */
const PASSED_ON: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? []
  : ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"];

/** Signals that a terminal sends to its whole foreground group, the child included. */
const FROM_TERMINAL: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGQUIT"];

const MINDED = [...PASSED_ON, ...FROM_TERMINAL];

/** Starts programs with the terminal, the process group and the signals of this one. */
export const systemProcesses: Processes = {
  spawn(command, environment) {
    const hasTerminal = hasControllingTerminal();
    const ignored = ignoredSignals();
    const start = () =>
      startProgram(command, {
        env: environment,
        clearEnv: true,
        stdin: "inherit",
        stdout: "inherit",
        stderr: "inherit",
      });
    // The child inherits what is ignored as long as nothing listens.
    let child = MINDED.some((signal) => ignored.has(signal))
      ? start()
      : undefined;
    // A signal is heard from now on, and handled once this function is done: the child is there then.
    function passOn(signal: Deno.Signal) {
      if (child !== undefined && !ignored.has(signal)) {
        signalChild(child, signal);
      }
    }
    const listeners = [
      ...PASSED_ON.map((signal) => listen(signal, () => passOn(signal))),
      ...FROM_TERMINAL.map((signal) =>
        listen(signal, () => {
          // Without a terminal it was sent to this process alone.
          if (!hasTerminal) passOn(signal);
        })
      ),
    ];
    function stopListening() {
      for (const { signal, handler } of listeners) {
        Deno.removeSignalListener(signal, handler);
      }
    }
    try {
      child ??= start();
    } catch (error) {
      stopListening();
      throw error;
    }
    return {
      exited: child.status.then(exitStatus).finally(stopListening),
    } satisfies Child;
  },
};

function listen(signal: Deno.Signal, handler: () => void) {
  Deno.addSignalListener(signal, handler);
  return { signal, handler };
}

function exitStatus(status: Deno.CommandStatus): ExitStatus {
  if (status.signal === null) return { kind: "code", code: status.code };
  const number =
    constants.signals[status.signal as keyof typeof constants.signals];
  return { kind: "signal", signal: status.signal, number };
}

function hasControllingTerminal(): boolean {
  if (process.platform === "win32") return true;
  try {
    Deno.openSync("/dev/tty").close();
    return true;
  } catch {
    return false;
  }
}
