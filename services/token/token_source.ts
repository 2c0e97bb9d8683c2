import type { Clock } from "../../core/ports/clock.ts";
import type { Signer } from "../../core/token/signer.ts";
import type { AuthToken, TokenRequest } from "../../core/token/token.ts";
import { unlessAborted } from "../../core/ports/within.ts";
import { Renewals } from "./renewals.ts";
import { renewalTime, Schedule, waitUntil } from "./schedule.ts";

/** What a {@linkcode TokenSource} works with. */
export interface TokenSourceOptions {
  /** Makes new tokens. */
  signer: Signer;
  /** Tells the time. */
  clock: Clock;
}

/** Hears of the renewals of {@linkcode TokenSource.keepFresh}. */
export interface RenewalListener {
  /** There is a new token. */
  renewed(token: AuthToken): Promise<void> | void;
  /** A renewal failed; it is tried again. `current` is the token that is still there, perhaps expired. */
  failed(error: unknown, current: AuthToken): void;
}

interface Entry {
  token?: AuthToken;
  /** When it is to be renewed. */
  renewal: Schedule;
  pending?: Promise<AuthToken>;
  /** When signing is to be tried again, after a failure. */
  retry: Schedule;
  error?: unknown;
}

/**
 * The one place that tokens come from. It keeps one token for each identity and target, renews it ahead of its expiry,
 * never runs two renewals of the same one at once, and while renewing fails it backs off and serves the token it has
 * for as long as that is good.
 */
export class TokenSource {
  readonly #signer: Signer;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();

  /** Makes a source with an empty cache. */
  constructor(options: TokenSourceOptions) {
    this.#signer = options.signer;
    this.#clock = options.clock;
  }

  /**
   * A token that is good now.
   *
   * @throws whatever the signer threw, when there is no good token and none can be made
   */
  async get(request: TokenRequest): Promise<AuthToken> {
    const entry = this.#entry(request);
    const { token } = entry;
    const now = this.#clock.now();
    if (token !== undefined && !entry.renewal.isDue(now)) return token;
    try {
      if (!entry.retry.isDue(now)) throw entry.error;
      return await this.#renew(entry, request);
    } catch (error) {
      if (token !== undefined && isGood(token, this.#clock.now())) return token;
      throw error;
    }
  }

  /** The token that the cache holds, good or not; none is signed. */
  peek(request: TokenRequest): AuthToken | undefined {
    return this.#entries.get(keyOf(request))?.token;
  }

  /** Empties the cache of a token, so that the next one is signed anew: for who cannot use a new one now. */
  forget(request: TokenRequest): void {
    this.#entries.delete(keyOf(request));
  }

  /** Signs anew whatever the cache holds, as after the database refused a token. */
  async renew(request: TokenRequest): Promise<AuthToken> {
    return await this.#renew(this.#entry(request), request);
  }

  /**
   * Renews a token ahead of each expiry and tells the listener, until the signal aborts. A listener that throws is told
   * of that as of a failed renewal.
   */
  async keepFresh(
    request: TokenRequest,
    listener: RenewalListener,
    signal: AbortSignal,
  ): Promise<void> {
    let current = this.peek(request) ??
      await unlessAborted(this.get(request), signal);
    if (current === undefined) return;
    const renewals = new Renewals(this, this.#clock, {
      place: () => 1,
      async deliver(token) {
        if (signal.aborted) return;
        await listener.renewed(token);
        current = token;
      },
    });
    renewals.setTargets([{ name: "", target: request }]);
    while (true) {
      await waitUntil(this.#clock, (now) => renewals.nextAt(now), signal);
      if (signal.aborted) return;
      const round = await unlessAborted(renewals.renewDue(), signal);
      if (signal.aborted) return;
      for (const { error } of round?.failures ?? []) {
        listener.failed(error, current);
      }
    }
  }

  #entry(request: TokenRequest): Entry {
    const key = keyOf(request);
    const entry = this.#entries.get(key) ??
      { renewal: new Schedule(), retry: new Schedule() };
    this.#entries.set(key, entry);
    return entry;
  }

  #renew(entry: Entry, request: TokenRequest): Promise<AuthToken> {
    entry.pending ??= this.#sign(entry, request).finally(() => {
      delete entry.pending;
    });
    return entry.pending;
  }

  async #sign(entry: Entry, request: TokenRequest): Promise<AuthToken> {
    try {
      const token = await this.#signer.sign(request);
      entry.token = token;
      entry.renewal.succeeded(renewalTime(token), token.issuedAt);
      entry.retry = new Schedule();
      return token;
    } catch (error) {
      entry.error = error;
      entry.retry.failed(this.#clock.now());
      throw error;
    }
  }
}

function keyOf(request: TokenRequest): string {
  const { profile, roleArn, host, port, username, region } = request;
  return JSON.stringify([profile, roleArn, host, port, username, region]);
}

function isGood(token: AuthToken, now: number): boolean {
  return now < token.expiresAt;
}
