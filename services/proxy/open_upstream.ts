import { errorMessage, RdsiamError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Dialer } from "../../core/database/dialer.ts";
import type { Secret } from "../../core/secret.ts";
import type { Target } from "../../core/target/target.ts";
import type { TokenSource } from "../token/token_source.ts";
import { LoginFailure } from "./login_failure.ts";
import type { RateLimit } from "./limits.ts";
import {
  logInUpstream,
  TokenRefused,
  type UpstreamLogin,
  type UpstreamSession,
} from "./upstream_login.ts";

/** What opening a session in the database needs from outside. */
export interface UpstreamPorts {
  clock: Clock;
  tokens: TokenSource;
  dialer: Dialer;
  /** Lets logins pass no faster than a database takes them. */
  paceOf: (target: Target) => RateLimit;
}

/** A session in the database, and how long it took to get it. */
export interface OpenedUpstream extends UpstreamSession {
  /** What was dialled. */
  address: { host: string; port: number };
  /** Why its connection has ended, where that was a tunnel's doing. */
  failure?: () => Promise<Error | undefined>;
  /** How long connecting and TLS took, in milliseconds. */
  connectMs: number;
  /** How long the login took after that, in milliseconds. */
  loginMs: number;
}

/** How long a login may wait for its turn, in milliseconds. */
const LONGEST_WAIT_MS = 20_000;

/**
 * Opens a session in the database, with a token of the target's user; when the database refuses it, once more with a
 * new one.
 *
 * @param deliver sends bytes to the client
 * @throws {LoginFailure} saying why there is no session
 */
export async function openUpstream(
  login: UpstreamLogin,
  deliver: (bytes: Uint8Array) => Promise<void>,
  ports: UpstreamPorts,
  signal: AbortSignal,
): Promise<OpenedUpstream> {
  const { tokens } = ports;
  const { target } = login;
  try {
    const first = await sign(() => tokens.get(target));
    return await attempt(login, first, deliver, ports, signal);
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
  }
  const second = await sign(() => tokens.renew(target));
  return await attempt(login, second, deliver, ports, signal);
}

async function attempt(
  login: UpstreamLogin,
  token: Secret,
  deliver: (bytes: Uint8Array) => Promise<void>,
  { clock, dialer, paceOf }: UpstreamPorts,
  signal: AbortSignal,
): Promise<OpenedUpstream> {
  const pace = paceOf(login.target);
  if (!await pace.pass(LONGEST_WAIT_MS, signal)) throw tooManyLogins();
  const start = clock.now();
  const dialled = await dial(dialer, login.target, signal);
  const connected = clock.now();
  const session = await logInUpstream(dialled, login, token, deliver, signal);
  return {
    ...session,
    address: dialled.address,
    ...(dialled.failure && { failure: dialled.failure }),
    connectMs: connected - start,
    loginMs: clock.now() - connected,
  };
}

async function dial(dialer: Dialer, target: Target, signal: AbortSignal) {
  try {
    return await dialer.dial(target, signal);
  } catch (error) {
    throw failure("unreachable", "08006", error);
  }
}

async function sign(
  make: () => Promise<{ secret: Secret }>,
): Promise<Secret> {
  try {
    return (await make()).secret;
  } catch (error) {
    throw failure("credentials", "28000", error);
  }
}

function failure(
  reason: "unreachable" | "credentials",
  code: string,
  cause: unknown,
): LoginFailure {
  const message = errorMessage(cause);
  const hint = cause instanceof RdsiamError ? cause.hint : undefined;
  return new LoginFailure(reason, { code, message, hint }, { cause });
}

function tooManyLogins(): LoginFailure {
  return new LoginFailure("limit", {
    code: "53300",
    message: "too many logins wait for their turn at the database",
    hint: "Try again in a moment; --connect-rate of the proxy is the limit",
  });
}
