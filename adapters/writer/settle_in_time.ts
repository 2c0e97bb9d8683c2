/**
 * Waits for a promise of somebody else's code, but not for ever.
 *
 * @throws {Error} when it has not settled within so many milliseconds
 */
export async function settleInTime<T>(
  promise: T | Promise<T>,
  deadlineMs: number,
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`It took longer than ${deadlineMs / 1000} s`)),
    deadlineMs,
  );
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
