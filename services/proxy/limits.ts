import type { Connection } from "../connection/connection.ts";
import type { Clock } from "../../core/ports/clock.ts";

/** So many may be in at once. */
export class Quota {
  /** The limit. */
  readonly limit: number;
  #used = 0;

  /** Makes a quota that nothing is taken of. */
  constructor(limit: number) {
    this.limit = limit;
  }

  /** How many are in. */
  get used(): number {
    return this.#used;
  }

  /** Takes a place, which is free again when it is disposed of; `undefined` when there is none. */
  take(): Disposable | undefined {
    if (this.#used >= this.limit) return undefined;
    this.#used++;
    let isTaken = true;
    return {
      [Symbol.dispose]: () => {
        if (isTaken) this.#used--;
        isTaken = false;
      },
    };
  }
}

/**
 * Takes one of the places for connections that are not logged in yet; it is free again when it is disposed of. The client
 * that has it is disconnected when the proxy ends.
 *
 * @throws what `tooMany` makes, when there is none
 */
export function takeHalfOpen(
  client: Connection,
  { halfOpen, signal }: { halfOpen: Quota; signal: AbortSignal },
  tooMany: () => Error,
): Disposable {
  const place = halfOpen.take();
  if (place === undefined) throw tooMany();
  const held = new DisposableStack();
  held.use(place);
  const disconnect = () => client.close();
  signal.addEventListener("abort", disconnect);
  held.defer(() => signal.removeEventListener("abort", disconnect));
  return held;
}

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
