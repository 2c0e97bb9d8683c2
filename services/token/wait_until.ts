import type { Clock } from "../../core/ports/clock.ts";

/** The longest single sleep, in milliseconds: how late a wake from suspension may be noticed. */
const LONGEST_SLEEP_MS = 15_000;

/**
 * Waits for a time of the wall clock. Timers stand still while a laptop is suspended; the wall clock does not, so it is
 * asked again every few seconds, and since it may be set back, so is the deadline.
 *
 * @param deadline milliseconds since the epoch, as it is seen from now
 */
export async function waitUntil(
  clock: Clock,
  deadline: (now: number) => number,
  signal?: AbortSignal,
): Promise<void> {
  while (!signal?.aborted) {
    const now = clock.now();
    const remaining = deadline(now) - now;
    if (remaining <= 0) return;
    await clock.sleep(Math.min(remaining, LONGEST_SLEEP_MS), signal);
  }
}
