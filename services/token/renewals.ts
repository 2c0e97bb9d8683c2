import type { Clock } from "../../core/ports/clock.ts";
import { atMost } from "../../core/ports/within.ts";
import type { AuthToken, TokenRequest } from "../../core/token/token.ts";
import { renewalTime, Schedule } from "./schedule.ts";

/** A target by its name. */
export interface NamedRequest {
  name: string;
  target: TokenRequest;
}

/** A target whose token could not be renewed. */
export interface RenewalFailure {
  name: string;
  error: unknown;
}

/** Where tokens come from, as `TokenSource` has it. */
export interface Renewer {
  peek(request: TokenRequest): AuthToken | undefined;
  renew(request: TokenRequest): Promise<AuthToken>;
}

/** How {@linkcode Renewals} goes about it. */
export interface RenewalOptions {
  /** Where in its time a target's token is renewed, from 0 to 1; without it, each name has its own place. */
  place?: (name: string) => number;
  /** Is given each new token; what it throws counts as a failed renewal. */
  deliver?: (token: AuthToken) => Promise<void> | void;
}

interface State {
  named: NamedRequest;
  schedule: Schedule;
  /** A renewal that is under way. */
  pending?: Promise<void>;
}

/** What renewing has come to. */
export interface RenewalReport {
  renewed: readonly string[];
  failures: readonly RenewalFailure[];
}

/** Knows the token of each target, and when each is due for another. */
export class Renewals {
  readonly #source: Renewer;
  readonly #clock: Clock;
  readonly #options: RenewalOptions;
  readonly #states = new Map<string, State>();
  readonly #tokens = new Map<string, AuthToken>();
  /** What has ended since it was told last. */
  #ended: { renewed: string[]; failures: RenewalFailure[] } = noneEnded();

  /** Starts with no targets. */
  constructor(source: Renewer, clock: Clock, options: RenewalOptions = {}) {
    this.#source = source;
    this.#clock = clock;
    this.#options = options;
  }

  /** The last token of each target by its name, expired ones included. */
  get tokens(): ReadonlyMap<string, AuthToken> {
    return this.#tokens;
  }

  /** Whose tokens cannot be renewed at present. */
  get failing(): readonly string[] {
    return [...this.#states.values()]
      .filter(({ schedule }) => schedule.failures > 0)
      .map(({ named }) => named.name);
  }

  /** When the next target is due, in milliseconds since the epoch and as seen from now; `Infinity` without targets. */
  nextAt(now: number): number {
    if (this.#ended.renewed.length + this.#ended.failures.length > 0) {
      return now;
    }
    const times = [...this.#states.values()]
      .filter(({ pending }) => pending === undefined)
      .map(({ schedule }) => schedule.nextAt(now));
    return Math.min(Infinity, ...times);
  }

  /**
   * Replaces the targets. One that stays what it was keeps its token, another has the one that its source holds; those
   * without are due now.
   */
  setTargets(targets: Iterable<NamedRequest>): void {
    const old = new Map(this.#states);
    this.#states.clear();
    for (const named of targets) {
      const state = old.get(named.name);
      const isSame = state !== undefined &&
        JSON.stringify(state.named.target) === JSON.stringify(named.target);
      this.#states.set(named.name, isSame ? state : this.#start(named));
    }
    for (const name of this.#tokens.keys()) {
      if (!this.#states.has(name)) this.#tokens.delete(name);
    }
  }

  /** Makes every target due now. */
  hasten(): void {
    for (const { schedule } of this.#states.values()) schedule.hasten();
  }

  /**
   * Signs for every target that is due. One whose credentials take longer holds nobody else up: it goes on, and is told of by
   * the next call after its end.
   *
   * @param patienceMs how long the slowest are waited for, in milliseconds; without end by default
   */
  async renewDue(patienceMs?: number): Promise<RenewalReport> {
    const now = this.#clock.now();
    const states = [...this.#states.values()];
    for (const state of states) {
      if (state.pending !== undefined || !state.schedule.isDue(now)) continue;
      state.pending = this.#renew(state).finally(() => delete state.pending);
    }
    const all = Promise.all(states.map(({ pending }) => pending));
    await (patienceMs === undefined
      ? all
      : atMost(this.#clock, patienceMs, all));
    const ended = this.#ended;
    this.#ended = noneEnded();
    return ended;
  }

  async #renew(state: State) {
    const { name, target } = state.named;
    const isCurrent = () => this.#states.get(name) === state;
    try {
      const token = await this.#source.renew(target);
      if (!isCurrent()) return; // it is another target by now
      await this.#options.deliver?.(token);
      this.#keep(state, token);
      this.#ended.renewed.push(name);
    } catch (error) {
      state.schedule.failed(this.#clock.now());
      if (isCurrent()) this.#ended.failures.push({ name, error });
    }
  }

  #start(named: NamedRequest): State {
    const state = { named, schedule: new Schedule() };
    const token = this.#source.peek(named.target);
    if (token === undefined) this.#tokens.delete(named.name);
    else this.#keep(state, token);
    return state;
  }

  #keep({ named: { name }, schedule }: State, token: AuthToken) {
    const { place = placeOf } = this.#options;
    schedule.succeeded(renewalTime(token, place(name)), token.issuedAt);
    this.#tokens.set(name, token);
  }
}

function noneEnded(): { renewed: string[]; failures: RenewalFailure[] } {
  return { renewed: [], failures: [] };
}

/**
 * A number from 0 to 1 that is always the same for a name, and evenly spread over names (FNV-1a), so that tokens which were
 * all signed at once are not all renewed at once.
 */
export function placeOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  // FNV's low bits differ most between names that differ in their last letter.
  return ((hash ^ (hash >>> 16)) & 0xffff) / 0x10000;
}
