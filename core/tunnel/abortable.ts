/**
 * Waits for work that others wait for, too: when the signal aborts, one gives up waiting and the work goes on.
 *
 * @throws the signal's reason, when it aborts
 */
export async function abortable<Value>(
  work: Promise<Value>,
  signal: AbortSignal,
): Promise<Value> {
  signal.throwIfAborted();
  const gone = Promise.withResolvers<never>();
  const stop = () => gone.reject(signal.reason);
  signal.addEventListener("abort", stop);
  try {
    return await Promise.race([work, gone.promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
