import type { Clock } from "./clock.ts";

/**
 * Gives a task so many milliseconds.
 *
 * @param task learns from its signal that its time is over, and then releases what it holds
 * @param outer ends the task's time, too. Not `AbortSignal.any()`: a signal that lives for long would remember each task.
 * @throws what `late` makes, when it takes longer
 */
export async function within<Value>(
  clock: Clock,
  ms: number,
  late: () => Error,
  task: (signal: AbortSignal) => Promise<Value>,
  outer?: AbortSignal,
): Promise<Value> {
  const done = new AbortController();
  const over = new AbortController();
  const end = () => over.abort();
  if (outer?.aborted) end();
  outer?.addEventListener("abort", end);
  const running = task(over.signal);
  running.catch(() => {}); // once it is over, nobody else listens
  const timer = clock.sleep(ms, done.signal).then(
    (): never | Promise<never> => {
      if (done.signal.aborted) return Promise.withResolvers<never>().promise;
      const error = late();
      over.abort(error);
      throw error;
    },
  );
  try {
    return await Promise.race([running, timer]);
  } finally {
    done.abort();
    outer?.removeEventListener("abort", end);
  }
}

/**
 * Waits for a promise, so many milliseconds at most.
 *
 * @param signal ends the waiting, too
 * @returns `undefined` when it took longer
 */
export async function atMost<Value>(
  clock: Clock,
  ms: number,
  promise: Promise<Value>,
  signal?: AbortSignal,
): Promise<Value | undefined> {
  const done = new AbortController();
  const end = () => done.abort();
  if (signal?.aborted) end();
  signal?.addEventListener("abort", end);
  try {
    return await Promise.race([
      promise,
      clock.sleep(ms, done.signal).then(() => undefined),
    ]);
  } finally {
    end();
    signal?.removeEventListener("abort", end);
  }
}

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
