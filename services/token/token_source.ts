import type { Clock } from "../../core/ports/clock.ts";
import type { Signer } from "../../core/token/signer.ts";
import type { AuthToken, TokenRequest } from "../../core/token/token.ts";
import { backoffMs, FIRST_BACKOFF_MS, LONGEST_BACKOFF_MS } from "./backoff.ts";
import { waitUntil } from "./wait_until.ts";

/** How much of a token's life may pass before it is renewed: 10 of its 15 minutes. */
const RENEW_AT = 2 / 3;

/** Credentials about to end give tokens of next to no life; renewing them must not become a busy loop. */
const SHORTEST_RENEWAL_MS = 1_000;

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
  pending?: Promise<AuthToken>;
  failure?: { error: unknown; count: number; retryAt: number };
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
    const { token, failure } = entry;
    const now = this.#clock.now();
    if (token !== undefined && now < renewalTime(token, now)) return token;
    const backingOff = failure !== undefined &&
      now < retryTime(failure.retryAt, now);
    try {
      if (backingOff) throw failure.error;
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
    let current = this.#entry(request).token ??
      await unlessAborted(this.get(request), signal);
    if (current === undefined) return;
    let retryAt: number | undefined;
    while (true) {
      await this.#waitForRenewal(current, retryAt, signal);
      if (signal.aborted) return;
      try {
        const renewed = await unlessAborted(this.renew(request), signal);
        if (renewed === undefined) return;
        await listener.renewed(renewed);
        current = renewed;
        retryAt = undefined;
      } catch (error) {
        if (signal.aborted) return;
        listener.failed(error, current);
        retryAt = this.#entry(request).failure?.retryAt ??
          this.#clock.now() + FIRST_BACKOFF_MS;
      }
    }
  }

  async #waitForRenewal(
    token: AuthToken,
    retryAt: number | undefined,
    signal: AbortSignal,
  ) {
    await waitUntil(
      this.#clock,
      (now) =>
        retryAt === undefined
          ? renewalTime(token, now)
          : retryTime(retryAt, now),
      signal,
    );
  }

  #entry(request: TokenRequest): Entry {
    const key = keyOf(request);
    const entry = this.#entries.get(key) ?? {};
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
      delete entry.failure;
      return token;
    } catch (error) {
      const count = (entry.failure?.count ?? 0) + 1;
      const retryAt = this.#clock.now() + backoffMs(count);
      entry.failure = { error, count, retryAt };
      throw error;
    }
  }
}

function keyOf(request: TokenRequest): string {
  const { profile, roleArn, host, port, username, region } = request;
  return JSON.stringify([profile, roleArn, host, port, username, region]);
}

/** Signing may wait on a network for long; whoever has stopped listening shall not. */
async function unlessAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal,
): Promise<Value | undefined> {
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>();
  const stop = () => resolve(undefined);
  signal.addEventListener("abort", stop);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/**
 * When to renew a token, in milliseconds since the epoch. One that is dated in the future was signed before the clock
 * was set back: nobody can say how old it is, so now.
 */
function renewalTime(token: AuthToken, now: number): number {
  if (token.issuedAt > now + 60_000) return now;
  const lifetime = token.expiresAt - token.issuedAt;
  return token.issuedAt + Math.max(lifetime * RENEW_AT, SHORTEST_RENEWAL_MS);
}

/** When to try again, in milliseconds since the epoch: now, when the clock was set back since the failure. */
function retryTime(retryAt: number, now: number): number {
  return retryAt > now + LONGEST_BACKOFF_MS ? now : retryAt;
}

function isGood(token: AuthToken, now: number): boolean {
  return now < token.expiresAt;
}
