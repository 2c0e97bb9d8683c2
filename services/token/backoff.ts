/** Waits after a failure, in milliseconds; each failure in a row doubles the wait. */
export const FIRST_BACKOFF_MS = 1_000;
export const LONGEST_BACKOFF_MS = 60_000;

/**
 * How long to wait before the next try, in milliseconds.
 *
 * @param failures how many there have been in a row, 1 for the first
 */
export function backoffMs(failures: number): number {
  return Math.min(FIRST_BACKOFF_MS * 2 ** (failures - 1), LONGEST_BACKOFF_MS);
}
