import { errorMessage, RdsiamError } from "../../../core/errors.ts";
import { encodeFastAuthSuccess } from "../../../core/mysqlwire/authentication.ts";
import { replaceInfo } from "../../../core/mysqlwire/ok_packet.ts";
import { certificateProof } from "../../../core/mysqlwire/password_proof.ts";
import type { Secret } from "../../../core/secret.ts";
import type { Target } from "../../../core/target/target.ts";
import { within } from "../../../core/ports/within.ts";
import { ERRORS, mysqlFailure, notInTime } from "./failures.ts";
import type { LocalLogin, LocalProof } from "./local_login.ts";
import type { MysqlPorts } from "./ports.ts";
import { MysqlTokenRefused } from "./upstream.ts";

/** How long a login may wait for its turn at the database, in milliseconds. */
const PACE_MS = 5_000;

/** How long signing, TLS and the database's login may take, in milliseconds. */
const UPSTREAM_MS = 30_000;

/** A login that the database has accepted. */
export interface Accepted {
  /** The server's OK. */
  ok: Uint8Array;
  connectMs: number;
  loginMs: number;
}

/**
 * Logs in to the database, at its pace, with a token.
 *
 * @param logIn does it
 * @throws {LoginFailure} saying why there is no session
 */
export async function logInWithToken(
  target: Target,
  ports: MysqlPorts,
  logIn: (token: Secret) => Promise<Uint8Array>,
): Promise<Accepted> {
  const { clock, tokens, paceOf } = ports;
  const start = clock.now();
  if (!await paceOf(target).pass(PACE_MS, ports.signal)) {
    throw mysqlFailure(
      "limit",
      ERRORS.tooMany,
      "too many logins wait for their turn at the database",
      {
        hint: "Try again in a moment; --connect-rate of the proxy is the limit",
      },
    );
  }
  const paced = clock.now();
  try {
    const ok = await within(
      ...[clock, UPSTREAM_MS, notInTime],
      async () =>
        await logIn(await sign(async () => (await tokens.get(target)).secret)),
      ports.signal,
    );
    return { ok, connectMs: paced - start, loginMs: clock.now() - paced };
  } catch (error) {
    // The client's number of the session is of this connection: another one cannot take its place, as for PostgreSQL.
    if (error instanceof MysqlTokenRefused) tokens.forget(target);
    throw error;
  }
}

/** What tells a client that it is logged in: its plugin's own words first. */
export function welcome(
  { plugin, proof }: LocalProof,
  ok: Uint8Array,
): Uint8Array[] {
  const isFast = plugin === "caching_sha2_password" && proof.length > 1;
  return isFast ? [encodeFastAuthSuccess(), ok] : [ok];
}

/** What makes clients of MariaDB trust a certificate that comes from no root: that its owner knows the password. */
export async function withCertificateProof(
  ok: Uint8Array,
  { isEncrypted, plugin, salt, response }: LocalLogin,
  { fingerprint, password }: MysqlPorts,
): Promise<Uint8Array> {
  if (!isEncrypted || fingerprint === undefined) return ok;
  if (plugin !== "mysql_native_password") return ok;
  const proof = await certificateProof(password.reveal(), salt, fingerprint);
  return replaceInfo(ok, proof, response.capabilities);
}

async function sign(make: () => Promise<Secret>): Promise<Secret> {
  try {
    return await make();
  } catch (cause) {
    const message = errorMessage(cause);
    const hint = cause instanceof RdsiamError ? cause.hint : undefined;
    throw mysqlFailure("credentials", ERRORS.unknown, message, { hint, cause });
  }
}
