import type { Clock } from "../../core/ports/clock.ts";
import type { AuthToken } from "../../core/token/token.ts";

/** Waits after a failure, in milliseconds; each failure in a row doubles the wait. */
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;

/** The longest single sleep, in milliseconds: how late a wake from suspension may be noticed. */
const LONGEST_SLEEP_MS = 15_000;

/** The part of a token's life within which it is renewed: from half of it to two thirds, minutes 7.5 to 10 of 15. */
const EARLIEST = 1 / 2;
const LATEST = 2 / 3;

/** Renewals are gathered into steps this long, in milliseconds, so that a file is not rewritten for each of its targets. */
const STEP_MS = 10_000;

/** Credentials about to end give tokens of next to no life; renewing them must not become a busy loop. */
const SHORTEST_MS = 1_000;

/** How far a clock may be behind what it showed before until it counts as set back, in milliseconds. */
const SET_BACK_MS = 60_000;

/**
 * How long to wait before the next try, in milliseconds.
 *
 * @param failures how many there have been in a row, 1 for the first
 */
export function backoffMs(failures: number): number {
  return Math.min(FIRST_BACKOFF_MS * 2 ** (failures - 1), LONGEST_BACKOFF_MS);
}

/** When something that is done over and over is due again; at first, now. Times are milliseconds since the epoch. */
export class Schedule {
  #dueAt = 0;
  #since = 0;
  #failures = 0;

  /** How often it has failed in a row. */
  get failures(): number {
    return this.#failures;
  }

  /** It went well, by the clock of `since`. */
  succeeded(dueAt: number, since: number): void {
    this.#dueAt = dueAt;
    this.#since = since;
    this.#failures = 0;
  }

  /** It failed, and is tried again after a while that grows with each failure. */
  failed(now: number): void {
    this.#failures++;
    this.#since = now;
    this.#dueAt = now + backoffMs(this.#failures);
  }

  /** Makes it due now. */
  hasten(): void {
    this.#dueAt = 0;
  }

  /** When it is due, as seen from now: when the clock was set back meanwhile, nobody can say, so now. */
  nextAt(now: number): number {
    return now < this.#since - SET_BACK_MS ? now : this.#dueAt;
  }

  /** Whether it is due. */
  isDue(now: number): boolean {
    return this.nextAt(now) <= now;
  }
}

/**
 * When to renew a token, in milliseconds since the epoch.
 *
 * @param place where between the earliest and the latest time, from 0 to 1
 */
export function renewalTime(
  { issuedAt, expiresAt }: AuthToken,
  place = 1,
): number {
  const wait = (expiresAt - issuedAt) *
    (EARLIEST + (LATEST - EARLIEST) * place);
  const steps = wait > STEP_MS ? Math.floor(wait / STEP_MS) * STEP_MS : wait;
  return issuedAt + Math.max(steps, SHORTEST_MS);
}

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
