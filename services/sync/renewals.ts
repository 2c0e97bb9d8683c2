import type { Clock } from "../../core/ports/clock.ts";
import type { NamedTarget } from "../../core/target/named_target.ts";
import type { AuthToken } from "../../core/token/token.ts";
import { backoffMs, LONGEST_BACKOFF_MS } from "../token/backoff.ts";
import type { TokenSource } from "../token/token_source.ts";
import { renewalTime } from "./renewal_time.ts";

/** A target whose token could not be renewed. */
export interface RenewalFailure {
  name: string;
  error: unknown;
}

interface State {
  named: NamedTarget;
  token?: AuthToken;
  /** When to renew, in milliseconds since the epoch. */
  dueAt: number;
  /** How often renewing has failed in a row. */
  failures: number;
}

/** Knows the token of each target, and when each is due for another. */
export class Renewals {
  readonly #source: TokenSource;
  readonly #clock: Clock;
  readonly #states = new Map<string, State>();
  readonly #tokens = new Map<string, AuthToken>();

  /** Starts with no targets. */
  constructor(source: TokenSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  /** The last token of each target by its name, expired ones included. */
  get tokens(): ReadonlyMap<string, AuthToken> {
    return this.#tokens;
  }

  /** Whose tokens cannot be renewed at present. */
  get failing(): readonly string[] {
    return [...this.#states.values()].filter(({ failures }) => failures > 0)
      .map(({ named }) => named.name);
  }

  /** When the next target is due, in milliseconds since the epoch and as seen from now; `Infinity` without targets. */
  nextAt(now: number): number {
    let next = Infinity;
    for (const state of this.#states.values()) {
      next = Math.min(next, isDue(state, now) ? now : state.dueAt);
    }
    return next;
  }

  /** Replaces the targets. One that stays what it was keeps its token; new and changed ones are due now. */
  setTargets(targets: Iterable<NamedTarget>): void {
    const old = new Map(this.#states);
    this.#states.clear();
    for (const named of targets) {
      const state = old.get(named.name);
      const isSame = state !== undefined &&
        JSON.stringify(state.named.target) === JSON.stringify(named.target);
      this.#states.set(
        named.name,
        isSame ? state : { named, dueAt: 0, failures: 0 },
      );
      if (!isSame) this.#tokens.delete(named.name);
    }
    for (const name of this.#tokens.keys()) {
      if (!this.#states.has(name)) this.#tokens.delete(name);
    }
  }

  /** Makes every target due now. */
  hasten(): void {
    for (const state of this.#states.values()) state.dueAt = 0;
  }

  /** Signs for every target that is due. */
  async renewDue(): Promise<
    { renewed: readonly string[]; failures: readonly RenewalFailure[] }
  > {
    const renewed: string[] = [];
    const failures: RenewalFailure[] = [];
    const now = this.#clock.now();
    const due = [...this.#states.values()].filter((state) => isDue(state, now));
    await Promise.all(due.map(async (state) => {
      const { name, target } = state.named;
      try {
        const token = await this.#source.renew(target);
        state.token = token;
        state.failures = 0;
        state.dueAt = renewalTime(name, token);
        this.#tokens.set(name, token);
        renewed.push(name);
      } catch (error) {
        state.failures++;
        state.dueAt = this.#clock.now() + backoffMs(state.failures);
        failures.push({ name, error });
      }
    }));
    return { renewed, failures };
  }
}

/** What waits for a time that the clock, set back meanwhile, has made too distant is due now. */
function isDue({ dueAt, token, failures }: State, now: number): boolean {
  if (dueAt <= now) return true;
  return failures > 0
    ? dueAt > now + LONGEST_BACKOFF_MS
    : token !== undefined && token.issuedAt > now + 60_000;
}
