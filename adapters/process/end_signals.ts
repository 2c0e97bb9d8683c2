/** Signals that ask a process to end. */
const END: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/** Calls back when this process is asked to end, until it is disposed of; then the signal alone ends it as before. */
export function onEndSignal(end: (signal: Deno.Signal) => void): Disposable {
  const listeners = END.map((signal) => {
    const listener = () => end(signal);
    Deno.addSignalListener(signal, listener);
    return { signal, listener };
  });
  return {
    [Symbol.dispose]() {
      for (const { signal, listener } of listeners) {
        Deno.removeSignalListener(signal, listener);
      }
    },
  };
}
