import type { Clock } from "../../core/ports/clock.ts";

/** How much of a second's allowance may pass at once. */
const BURST_SECONDS = 0.1;

/**
 * Lets so many a second pass, in the order they came; a tenth of that at once after a pause. (The generic cell rate
 * algorithm, ITU-T I.371.)
 */
export class RateLimit {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  /** When the last of those who were let in would have passed, had all kept the interval. */
  #scheduledAt = -Infinity;

  /**
   * Makes a pace.
   *
   * @param perSecond how many a second; `Infinity` for no limit
   */
  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#intervalMs = 1000 / perSecond;
  }

  /**
   * Waits for its turn.
   *
   * @returns false, at once, when the turn would come later than so many milliseconds from now
   */
  async pass(longestWaitMs: number, signal?: AbortSignal): Promise<boolean> {
    const now = this.#clock.now();
    const burstMs = Math.max(BURST_SECONDS * 1000, this.#intervalMs);
    // Nobody was let in for later than this: the clock was set back since.
    const isAstray = this.#scheduledAt > now + longestWaitMs + burstMs;
    const scheduledAt = isAstray ? now : Math.max(this.#scheduledAt, now);
    const waitMs = scheduledAt + this.#intervalMs - burstMs - now;
    if (waitMs > longestWaitMs) return false;
    this.#scheduledAt = scheduledAt + this.#intervalMs;
    if (waitMs > 0) await this.#clock.sleep(waitMs, signal);
    return true;
  }
}
