/** The least and the most that an acknowledgement is waited for, in milliseconds, and how fine a clock is taken to be. */
const FIRST_MS = 200;
const LONGEST_MS = 1_000;
const GRANULARITY_MS = 10;

/**
 * How long to wait for an acknowledgement, by the round trips of those that came (as RFC 6298, with the constants of AWS's
 * session-manager-plugin).
 */
export class ResendTimer {
  #roundTripMs = 100;
  #variationMs = 0;
  #waitMs = FIRST_MS;

  /** Milliseconds to wait. */
  get waitMs(): number {
    return this.#waitMs;
  }

  /** Takes a round trip into account, of a message that was sent once. */
  learn(roundTripMs: number): void {
    this.#variationMs += (Math.abs(this.#roundTripMs - roundTripMs) -
      this.#variationMs) / 4;
    this.#roundTripMs += (roundTripMs - this.#roundTripMs) / 8;
    this.#waitMs = Math.min(
      this.#roundTripMs + Math.max(GRANULARITY_MS, 4 * this.#variationMs),
      LONGEST_MS,
    );
  }
}
