import { once } from "node:events";
import { connect as connectNode, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type {
  MysqlDialer,
  PlainConn,
} from "../../core/database/mysql_dialer.ts";
import type { RawStream } from "../../core/ports/streams.ts";
import type { Trust } from "../../core/roots/trust.ts";
import { dialledAddress } from "../../core/engine/login_target.ts";
import type { Target } from "../../core/target/target.ts";
import { socketStream } from "../net/net.ts";
import { explainDialError } from "../postgres/dial_errors.ts";
import {
  DialTimeout,
  HungUp,
  needsNodeTls,
  type TlsLogin,
  tlsOptions,
} from "../postgres/tls.ts";
import { rawStreamOf } from "../net/raw_stream.ts";

/** How long connecting and name look-up may take, and TLS again, in milliseconds. */
const TIMEOUT_MS = 10_000;

/**
 * Makes a dialer on Deno's own sockets; what they cannot verify is left to Node's TLS.
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
      const { conn, raw } = await explained(login, signal, async (stop) => {
        const conn = needsNodeTls(login, environment)
          ? await connectLax(login, stop)
          : await connectOwn(login, stop);
        return { conn, raw: await begun(conn.raw, stop) };
      });
      return {
        raw,
        startTls: (received) =>
          explained(login, signal, () => conn.startTls(received)),
      };
    },
  };
}

/** A connection whose server has said something; a tunnel may connect to nothing. */
async function begun(raw: RawStream, signal: AbortSignal): Promise<RawStream> {
  const close = () => raw.close();
  signal.addEventListener("abort", close);
  try {
    const buffer = new Uint8Array(4096);
    const count = await raw.read(buffer);
    if (count === null) throw new HungUp();
    let unread = buffer.subarray(0, count);
    return {
      async read(target) {
        if (unread.length === 0) return await raw.read(target);
        const bytes = unread.subarray(0, target.length);
        target.set(bytes);
        unread = unread.subarray(bytes.length);
        return bytes.length;
      },
      write: (bytes) => raw.write(bytes),
      closeWrite: () => raw.closeWrite(),
      close,
    };
  } catch (error) {
    if (!signal.aborted) close();
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
  const over = new AbortController();
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => {});
  function giveUp(reason: unknown) {
    over.abort(reason);
    late.reject(reason);
  }
  const stop = () => giveUp(signal.reason);
  const timer = setTimeout(() => giveUp(new DialTimeout()), TIMEOUT_MS);
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  try {
    return await Promise.race([step(over.signal), late.promise]);
  } catch (cause) {
    throw explainDialError(cause, login);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

async function connectOwn(
  { address, near, serverName, trust }: TlsLogin,
  signal: AbortSignal,
): Promise<PlainConn> {
  const { host: hostname, port } = near ?? address;
  const tcp = await Deno.connect({ hostname, port, signal });
  tcp.setNoDelay(true);
  tcp.setKeepAlive(true);
  return {
    raw: tcp,
    async startTls() {
      const raw = await Deno.startTls(tcp, {
        hostname: serverName,
        ...(trust.kind === "roots" && { caCerts: [trust.pem] }),
      });
      try {
        await raw.handshake();
      } catch (error) {
        raw.close();
        throw error;
      }
      return { raw, alpn: undefined };
    },
  };
}

async function connectLax(
  login: TlsLogin,
  signal: AbortSignal,
): Promise<PlainConn> {
  const socket = connectNode(login.near ?? login.address);
  socket.on("error", () => {}); // what waits for it hears of it
  await once(socket, "connect", { signal });
  socket.setNoDelay(true);
  socket.setKeepAlive(true);
  return {
    raw: unreadSocket(socket),
    async startTls() {
      const secure = connectTls({ ...tlsOptions(login), socket });
      secure.on("error", () => {});
      await once(secure, "secureConnect");
      return { raw: rawStreamOf(socketStream(secure)), alpn: undefined };
    },
  };
}

/** A socket that is read from on demand alone, so that TLS can take it over with nothing read. */
function unreadSocket(socket: Socket): RawStream {
  return {
    async read(buffer) {
      while (true) {
        const chunk: Uint8Array | null = socket.read();
        if (chunk !== null) {
          const bytes = chunk.subarray(0, buffer.length);
          buffer.set(bytes);
          if (bytes.length < chunk.length) {
            socket.unshift(chunk.subarray(bytes.length));
          }
          return bytes.length;
        }
        if (socket.readableEnded || socket.destroyed) return null;
        const { promise, resolve } = Promise.withResolvers<void>();
        for (const event of ["readable", "end", "close"]) {
          socket.once(event, resolve);
        }
        await promise;
        for (const event of ["readable", "end", "close"]) {
          socket.off(event, resolve);
        }
      }
    },
    write(bytes) {
      socket.write(bytes.slice());
      return Promise.resolve(bytes.length);
    },
    closeWrite() {
      socket.end();
      return Promise.resolve();
    },
    close: () => void socket.destroy(),
  };
}
