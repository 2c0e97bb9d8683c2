import { within } from "../../core/ports/within.ts";
import { systemClock } from "../process/clock.ts";
import type { MysqlDialer } from "../../core/database/mysql_dialer.ts";
import type { ByteStream } from "../../core/ports/streams.ts";
import type { Trust } from "../../core/roots/trust.ts";
import { dialledAddress } from "../../core/engine/login_target.ts";
import type { Target } from "../../core/target/target.ts";
import { explainDialError } from "../postgres/dial_errors.ts";
import { DialTimeout, HungUp, type TlsLogin } from "../postgres/tls.ts";
import { connectToDatabase } from "../postgres/database_conn.ts";

/** How long connecting and name look-up may take, and TLS again, in milliseconds. */
const TIMEOUT_MS = 10_000;

/**
 * Makes a dialer for the proxy.
 *
 * @param trustOf what the certificate of a target's server must lead to
 * @param environment this process's own
 */
export function createMysqlDialer(
  trustOf: (target: Target) => Promise<Trust>,
  environment: Readonly<Record<string, string | undefined>>,
): MysqlDialer {
  return {
    async connect(target, signal, near) {
      const login = {
        ...{ address: dialledAddress(target), near, serverName: target.host },
        ...{ sslmode: target.sslmode, trust: await trustOf(target) },
      };
      const { conn, stream } = await explained(login, signal, async (stop) => {
        const conn = await connectToDatabase(login, environment, stop);
        return { conn, stream: await begun(conn.stream, stop) };
      });
      return {
        stream,
        startTls: async () => ({
          stream: await explained(login, signal, conn.startTls),
          alpn: undefined,
        }),
      };
    },
  };
}

/** A connection whose server has said something; a tunnel may connect to nothing. */
async function begun(
  stream: ByteStream,
  signal: AbortSignal,
): Promise<ByteStream> {
  const close = () => stream.close();
  signal.addEventListener("abort", close);
  try {
    const buffer = new Uint8Array(4096);
    const count = await stream.read(buffer);
    if (count === null) throw new HungUp();
    let unread = buffer.subarray(0, count);
    return {
      async read(target) {
        if (unread.length === 0) return await stream.read(target);
        const bytes = unread.subarray(0, target.length);
        target.set(bytes);
        unread = unread.subarray(bytes.length);
        return bytes.length;
      },
      write: (bytes) => stream.write(bytes),
      closeWrite: () => stream.closeWrite(),
      close,
    };
  } catch (error) {
    close();
    throw error;
  } finally {
    signal.removeEventListener("abort", close);
  }
}

/** Gives a step its time, and says in one line why it came to nothing. */
async function explained<Value>(
  login: TlsLogin,
  signal: AbortSignal,
  step: (stop: AbortSignal) => Promise<Value>,
): Promise<Value> {
  try {
    signal.throwIfAborted();
    const late = () => new DialTimeout();
    return await within(systemClock, TIMEOUT_MS, late, step, signal);
  } catch (cause) {
    throw explainDialError(cause, login);
  }
}
