import { errorMessage } from "../../core/errors.ts";
import { TunnelError, type TunnelFault } from "../../core/tunnel/fault.ts";
import type { Tunnel } from "../../core/tunnel/ports.ts";
import { type SocksLogin, SocksRequest } from "../../core/tunnel/socks5.ts";
import { connStream } from "../net/conn_stream.ts";
import {
  formatTunnel,
  type SocksTunnelSpec,
} from "../../core/target/tunnel_spec.ts";

/** Where the password of a SOCKS5 server's user is. */
const PASSWORD = "RDSIAM_SOCKS_PASSWORD";

/** A tunnel through a SOCKS5 server, a connection each. */
export function createSocksTunnel(
  spec: SocksTunnelSpec,
  environment: Readonly<Record<string, string | undefined>>,
): Tunnel {
  const name = formatTunnel(spec);
  const login: SocksLogin | undefined = spec.user === undefined
    ? undefined
    : { user: spec.user, password: environment[PASSWORD] ?? "" };
  return {
    open: () => Promise.resolve(),
    async dial(address, signal) {
      const conn = await connect(spec, name, signal);
      const close = () => conn.close();
      signal.addEventListener("abort", close);
      try {
        signal.throwIfAborted();
        const fault = await converse(conn, new SocksRequest(address, login));
        if (fault !== undefined) throw new TunnelError(name, fault);
      } catch (error) {
        if (!signal.aborted) close();
        signal.throwIfAborted();
        throw error instanceof TunnelError
          ? error
          : new TunnelError(name, HUNG_UP, error);
      } finally {
        signal.removeEventListener("abort", close);
      }
      return {
        stream: connStream(conn),
        failure: () => Promise.resolve(undefined),
      };
    },
    broken: () => Promise.withResolvers<never>().promise,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

const HUNG_UP: TunnelFault = {
  reason: "protocol",
  why: "the server ended the connection",
  hint: "Check that a SOCKS5 server listens there",
};

async function connect(
  { host, port }: SocksTunnelSpec,
  name: string,
  signal: AbortSignal,
): Promise<Deno.TcpConn> {
  try {
    const conn = await Deno.connect({ hostname: host, port, signal });
    conn.setNoDelay(true);
    conn.setKeepAlive(true);
    return conn;
  } catch (cause) {
    signal.throwIfAborted();
    // deno-lint-ignore rdsiam/no-prose -- Deno's own
    const isName = cause instanceof Error && /lookup/.test(cause.message);
    throw new TunnelError(name, {
      reason: isName ? "bastion-name" : "bastion",
      why: isName
        ? "the server's name has no address"
        : cause instanceof Deno.errors.ConnectionRefused
        ? "nothing listens there"
        : errorMessage(cause),
      hint: "Start the SOCKS5 server, such as: ssh -D PORT BASTION",
    }, cause);
  }
}

/** Holds the conversation; nothing is read beyond it. */
async function converse(
  conn: Deno.TcpConn,
  request: SocksRequest,
): Promise<TunnelFault | undefined> {
  let received: Uint8Array = new Uint8Array();
  function take(count: number) {
    if (received.length < count) return undefined;
    const taken = received.subarray(0, count);
    received = received.subarray(count);
    return taken;
  }
  while (true) {
    const step = request.next(take);
    if (step.kind === "connected") return undefined;
    if (step.kind === "failed") return step.fault;
    if (step.kind === "send") {
      for (let done = 0; done < step.bytes.length;) {
        done += await conn.write(step.bytes.subarray(done));
      }
      continue;
    }
    const rest = new Uint8Array(step.atLeast - received.length);
    const count = await conn.read(rest);
    if (count === null) return HUNG_UP;
    received = Uint8Array.of(...received, ...rest.subarray(0, count));
  }
}
