import { connect, type Socket } from "node:net";
import {
  connect as connectTls,
  type ConnectionOptions,
  type TLSSocket,
} from "node:tls";
import { RdsiamError } from "../../core/errors.ts";
import { within } from "../../core/ports/within.ts";
import { encodeSslRequest } from "../../core/pgwire/startup_packet.ts";
import type { DatabaseLogin } from "../../core/database/database.ts";
import { isIpAddress } from "../../core/target/address.ts";
import { systemClock } from "../process/clock.ts";
import { explainDialError } from "./dial_errors.ts";

/** How long connecting, name look-up and TLS may take together, in milliseconds. */
const TIMEOUT_MS = 15_000;

/** What of a login decides about its connection. */
export type TlsLogin = Pick<
  DatabaseLogin,
  "address" | "near" | "serverName" | "sslmode" | "trust"
>;

/**
 * Connects to PostgreSQL and starts TLS, verified as the login says.
 *
 * @throws {RdsiamError} `unreachable`, with what stood in the way
 */
export async function dialPostgres(
  login: TlsLogin,
  timeoutMs = TIMEOUT_MS,
): Promise<TLSSocket> {
  return await dialTls(login, timeoutMs, async (socket) => {
    socket.write(encodeSslRequest());
    const answer = await next<Uint8Array>(socket, "data");
    // Bytes behind the answer would be taken for the server's although they came in clear (CVE-2021-23222).
    if (answer.length !== 1 || answer[0] !== "S".charCodeAt(0)) {
      throw new NoTls();
    }
  });
}

/**
 * Connects to a database and starts TLS, verified as the login says, all within a deadline.
 *
 * @param ask asks for TLS as the database's protocol does
 * @throws {RdsiamError} `unreachable`, with what stood in the way
 */
export async function dialTls(
  login: TlsLogin,
  timeoutMs: number,
  ask: (socket: Socket) => Promise<void>,
): Promise<TLSSocket> {
  const options = tlsOptions(login);
  let socket: Socket = connect(login.near ?? login.address);
  const late = () => new DialTimeout();
  try {
    return await within(systemClock, timeoutMs, late, async () => {
      await next(socket, "connect");
      socket.setNoDelay(true);
      await ask(socket);
      const secure = connectTls({ ...options, socket });
      socket = secure;
      await next(secure, "secureConnect");
      return secure;
    });
  } catch (cause) {
    socket.destroy();
    throw cause instanceof RdsiamError ? cause : explainDialError(cause, login);
  }
}

/** The server ended the connection. */
export class HungUp extends Error {}

/** It took too long. */
export class DialTimeout extends Error {}

/** The server does not speak TLS, or not PostgreSQL. */
export class NoTls extends Error {}

/** A server of MySQL or MariaDB does not speak TLS. */
export class TlsIsOff extends Error {}

/** The server does not greet as MySQL does. */
export class NotMysql extends Error {
  constructor(options?: ErrorOptions) {
    super("The server does not greet as MySQL does", options);
  }
}

/**
 * How Node's TLS verifies a server as a login says.
 *
 * @throws {RangeError} when there is nothing to verify it by, and it must be
 */
export function tlsOptions(
  { serverName, sslmode, trust }: TlsLogin,
): ConnectionOptions {
  if (trust.kind === "nothing" && sslmode !== "require") {
    throw new RangeError("Cannot connect: nothing to verify the server by");
  }
  return {
    ...(isIpAddress(serverName)
      ? { host: serverName }
      : { servername: serverName }),
    ...(trust.kind === "roots" && { ca: trust.pem }),
    // Said outright: NODE_TLS_REJECT_UNAUTHORIZED=0 of the environment would turn it off.
    rejectUnauthorized: trust.kind !== "nothing",
    ...(sslmode !== "verify-full" && { checkServerIdentity: () => undefined }),
  };
}

/** Variables that have Deno trust further authorities, all over a process. */
const FURTHER_AUTHORITIES = ["DENO_CERT", "NODE_EXTRA_CA_CERTS"];

/**
 * Whether only Node's TLS verifies what a login asks for. Deno's own always looks at the name, and takes the authorities
 * that Deno trusts beside the given ones: the public ones, and those that the environment adds for HTTPS, such as a
 * company's, which are none for a database.
 */
export function needsNodeTls(
  { sslmode, trust }: Pick<TlsLogin, "sslmode" | "trust">,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  if (sslmode !== "verify-full") return true;
  if (trust.kind !== "roots") return false;
  const store = environment.DENO_TLS_CA_STORE || "mozilla";
  return store !== "mozilla" ||
    FURTHER_AUTHORITIES.some((name) => Boolean(environment[name]));
}

/** The next event of a name; that the connection fails or ends instead is an error. */
export async function next<Value>(
  socket: Socket,
  event: string,
): Promise<Value> {
  const { promise, resolve, reject } = Promise.withResolvers<Value>();
  const closed = () => reject(new HungUp());
  socket.once(event, resolve);
  // Stays: an "error" that nobody listens for would end the process.
  socket.on("error", reject);
  socket.once("close", closed);
  try {
    return await promise;
  } finally {
    socket.off(event, resolve);
    socket.off("close", closed);
  }
}
