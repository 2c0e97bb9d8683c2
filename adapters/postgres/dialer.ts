import { encodeSslRequest } from "../../core/pgwire/startup_packet.ts";
import type { Dialer, DialledStream } from "../../core/database/dialer.ts";
import type { ByteStream } from "../../core/ports/streams.ts";
import type { Trust } from "../../core/roots/trust.ts";
import { dialledAddress } from "../../core/engine/login_target.ts";
import type { Target } from "../../core/target/target.ts";
import { connStream } from "../net/conn_stream.ts";
import { connectTls } from "../net/tls_stream.ts";
import { explainDialError } from "./dial_errors.ts";
import {
  DialTimeout,
  HungUp,
  NoTls,
  type TlsLogin,
  tlsOptions,
} from "./tls.ts";

/** How long connecting, name look-up and TLS may take together, in milliseconds. */
const TIMEOUT_MS = 15_000;

/**
 * Makes a dialer on Deno's own sockets, which carry bytes with less work than Node's. They verify the name and the
 * certificate against the given roots and those of Deno; where `sslmode` leaves out the name or more, only Node's TLS
 * takes the given roots alone.
 *
 * @param trustOf what the certificate of a target's server must lead to
 */
export function createDialer(
  trustOf: (target: Target) => Promise<Trust>,
): Dialer {
  return {
    async dial(target, signal, address = dialledAddress(target)) {
      const login = {
        ...{ address, serverName: target.host, sslmode: target.sslmode },
        trust: await trustOf(target),
      };
      const giveUp = new AbortController();
      const stop = () => giveUp.abort();
      const late = () => giveUp.abort(new DialTimeout());
      const timer = setTimeout(late, TIMEOUT_MS);
      if (signal.aborted) stop();
      signal.addEventListener("abort", stop);
      try {
        return await dial(login, giveUp.signal);
      } catch (cause) {
        const { reason } = giveUp.signal;
        const isLate = reason instanceof DialTimeout;
        throw explainDialError(isLate ? reason : cause, login);
      } finally {
        clearTimeout(timer);
        signal.removeEventListener("abort", stop);
      }
    },
  };
}

async function dial(
  login: TlsLogin,
  signal: AbortSignal,
): Promise<DialledStream> {
  const { host, port } = login.address;
  const tcp = await Deno.connect({ hostname: host, port, signal });
  const plain = connStream(tcp);
  let open: { close(): void } = plain;
  const close = () => open.close();
  signal.addEventListener("abort", close);
  try {
    signal.throwIfAborted();
    tcp.setNoDelay(true);
    tcp.setKeepAlive(true);
    const { hostname } = tcp.remoteAddr;
    await requestTls(tcp);
    const stream = login.sslmode === "verify-full"
      ? await startVerified(tcp, login, (conn) => open = conn)
      : (await connectTls(plain, tlsOptions(login))).stream;
    open = stream;
    signal.throwIfAborted();
    return { stream, address: { host: hostname, port } };
  } catch (error) {
    close();
    throw error;
  } finally {
    signal.removeEventListener("abort", close);
  }
}

/** Starts TLS as Deno does it, which verifies name and certificate. */
async function startVerified(
  tcp: Deno.TcpConn,
  { serverName, trust }: TlsLogin,
  started: (stream: ByteStream) => void,
): Promise<ByteStream> {
  const tls = await Deno.startTls(tcp, {
    hostname: serverName,
    ...(trust.kind === "roots" && { caCerts: [trust.pem] }),
  });
  const stream = connStream(tls);
  started(stream);
  await tls.handshake();
  return stream;
}

/** Asks for TLS (PostgreSQL manual, "SSL Session Encryption"). */
async function requestTls(conn: Deno.Conn): Promise<void> {
  await conn.write(encodeSslRequest());
  // Room for more than the answer: bytes behind it would pass as sent within TLS (CVE-2021-23222).
  const answer = new Uint8Array(16);
  const count = await conn.read(answer);
  if (count === null) throw new HungUp();
  if (count !== 1 || answer[0] !== "S".charCodeAt(0)) throw new NoTls();
}
