import { within } from "../../core/ports/within.ts";
import { systemClock } from "../process/clock.ts";
import { encodeSslRequest } from "../../core/pgwire/startup_packet.ts";
import type { Dialer, DialledStream } from "../../core/database/dialer.ts";
import type { ByteStream } from "../../core/ports/streams.ts";
import type { Trust } from "../../core/roots/trust.ts";
import { dialledAddress } from "../../core/engine/login_target.ts";
import type { Target } from "../../core/target/target.ts";
import { connectToDatabase, type DatabaseConn } from "./database_conn.ts";
import { explainDialError } from "./dial_errors.ts";
import { DialTimeout, HungUp, NoTls } from "./tls.ts";

/** How long connecting, name look-up and TLS may take together, in milliseconds. */
const TIMEOUT_MS = 15_000;

/**
 * Makes a dialer for the proxy.
 *
 * @param trustOf what the certificate of a target's server must lead to
 * @param environment this process's own
 */
export function createDialer(
  trustOf: (target: Target) => Promise<Trust>,
  environment: Readonly<Record<string, string | undefined>>,
): Dialer {
  return {
    async dial(target, signal, address = dialledAddress(target), near) {
      const login = {
        ...{ address, near, serverName: target.host, sslmode: target.sslmode },
        trust: await trustOf(target),
      };
      const late = () => new DialTimeout();
      try {
        return await within(systemClock, TIMEOUT_MS, late, async (over) => {
          const conn = await connectToDatabase(login, environment, over);
          return await startTls(conn, over);
        }, signal);
      } catch (cause) {
        throw explainDialError(cause, login);
      }
    },
  };
}

async function startTls(
  conn: DatabaseConn,
  signal: AbortSignal,
): Promise<DialledStream> {
  const close = () => conn.stream.close();
  signal.addEventListener("abort", close);
  try {
    signal.throwIfAborted();
    await requestTls(conn.stream);
    const stream = await conn.startTls();
    signal.throwIfAborted();
    return { stream, address: conn.address };
  } catch (error) {
    close();
    throw error;
  } finally {
    signal.removeEventListener("abort", close);
  }
}

/** Asks for TLS (PostgreSQL manual, "SSL Session Encryption"). */
async function requestTls(stream: ByteStream): Promise<void> {
  await stream.write(encodeSslRequest());
  // Room for more than the answer: bytes behind it would pass as sent within TLS (CVE-2021-23222).
  const answer = new Uint8Array(16);
  const count = await stream.read(answer);
  if (count === null) throw new HungUp();
  if (count !== 1 || answer[0] !== "S".charCodeAt(0)) throw new NoTls();
}
