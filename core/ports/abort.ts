/**
 * Waits for a promise, but no longer than until a signal aborts: it may hang on a network for long, and whoever has stopped
 * listening shall not.
 *
 * @returns `undefined` when the signal aborted first; what becomes of the promise then is nobody's business
 */
export async function unlessAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal,
): Promise<Value | undefined> {
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>();
  const stop = () => resolve(undefined);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Waits until a signal aborts. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  await unlessAborted(Promise.withResolvers<never>().promise, signal);
}
