import { ignoredSignals } from "./ignored_signals.ts";

/**
 * Aborts when this process is asked to end. The same signal once more ends it at once, as if nobody listened.
 *
 * Signals that were ignored when it started stay ignored.
 *
 * @param onHangup is called on SIGHUP instead, as often as it comes, unless the terminal that this process had is gone
 */
export function stopSignal(onHangup?: () => void): AbortSignal {
  const controller = new AbortController();
  const isWindows = Deno.build.os === "windows";
  const signals: Deno.Signal[] = isWindows
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGINT", "SIGTERM"];
  if (!isWindows && onHangup === undefined) signals.push("SIGHUP");
  const ignored = ignoredSignals();
  for (const signal of signals) {
    const stop = () => {
      if (ignored.has(signal)) return;
      Deno.removeSignalListener(signal, stop);
      controller.abort();
    };
    Deno.addSignalListener(signal, stop);
  }
  if (!isWindows && onHangup !== undefined) {
    const hadTerminal = hasTerminal();
    Deno.addSignalListener("SIGHUP", () => {
      if (hadTerminal && !hasTerminal()) {
        if (!ignored.has("SIGHUP")) controller.abort();
      } else onHangup();
    });
  }
  return controller.signal;
}

/** Whether this process has a controlling terminal. */
function hasTerminal(): boolean {
  try {
    Deno.openSync("/dev/tty").close();
    return true;
  } catch {
    return false;
  }
}
