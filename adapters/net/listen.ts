import { createServer } from "node:net";
import { errorMessage, RdsiamError } from "../../core/errors.ts";
import type {
  AcceptedStream,
  ListenAddress,
  Listener,
  TcpAddress,
} from "../../core/ports/streams.ts";
import { formatAddress } from "../../core/target/address.ts";
import { connStream } from "./conn_stream.ts";
import { NodeStream, plainPace } from "./node_stream.ts";
import { createTlsServer, type TlsIdentity } from "./tls_stream.ts";

/** Only this user may connect. */
const UNIX_UMASK = 0o177;

/** How long to wait before accepting again, in milliseconds, after it failed. */
const ACCEPT_AGAIN_MS = 10;

type Accept = (stream: AcceptedStream) => void;

/**
 * Listens and hands over each connection.
 *
 * @param tls who asks for TLS gets it where there is one; not on a Unix socket
 * @throws {RdsiamError} `failed`, when it cannot be listened there
 */
export async function listen(
  address: ListenAddress,
  tls: TlsIdentity | undefined,
  accept: Accept,
): Promise<Listener> {
  switch (address.kind) {
    case "unix":
      return await listenUnix(address.path, accept);
    case "fd":
      return await listenPassed(address, offering(tls, accept));
    case "tcp":
      return listenTcp(address.host, address.port, tls, accept);
  }
}

/**
 * Listens on TCP and hands over each connection.
 *
 * @param port 0 for a free one
 * @throws {RdsiamError} `failed`, when it cannot be listened there
 */
export function listenTcp(
  host: string,
  port: number,
  tls: TlsIdentity | undefined,
  accept: Accept,
): Listener<TcpAddress> {
  const listener = attempt(
    formatAddress(host, port),
    () => Deno.listen({ hostname: host, port }),
  );
  const acceptSecurely = offering(tls, accept);
  const accepting = acceptAll(listener, (conn) => {
    try {
      conn.setNoDelay(true);
      conn.setKeepAlive(true);
    } catch {
      // The client has left already; reading will tell.
    }
    acceptSecurely({
      remoteHost: withoutMapping(conn.remoteAddr.hostname),
      stream: connStream(conn),
    });
  });
  return {
    address: { kind: "tcp", host, port: listener.addr.port },
    async close() {
      listener.close();
      await accepting;
    },
  };
}

async function listenUnix(
  path: string,
  accept: Accept,
): Promise<Listener> {
  await removeStaleSocket(path);
  const listener = attempt(path, () => {
    // The mode must be right from the beginning: chmod would come too late for somebody quick.
    const umask = Deno.umask(UNIX_UMASK);
    try {
      return Deno.listen({ transport: "unix", path });
    } finally {
      Deno.umask(umask);
    }
  });
  const accepting = acceptAll(
    listener,
    (conn) => accept({ remoteHost: "unix", stream: connStream(conn) }),
  );
  return {
    address: { kind: "unix", path },
    async close() {
      listener.close();
      await accepting;
      await Deno.remove(path).catch(() => {});
    },
  };
}

/** Removes a socket that nobody listens on any more; what else stands there is left to fail the listening. */
async function removeStaleSocket(path: string): Promise<void> {
  const info = await Deno.lstat(path).catch(() => undefined);
  if (info?.isSocket !== true) return;
  try {
    (await Deno.connect({ transport: "unix", path })).close();
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) await Deno.remove(path);
  }
}

/** Listens on a socket that this process was started with, which only Node's can. */
async function listenPassed(
  where: { kind: "fd"; fd: number },
  accept: Accept,
): Promise<Listener> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.setNoDelay(true);
    socket.setKeepAlive(true);
    accept({
      remoteHost: withoutMapping(socket.remoteAddress ?? ""),
      stream: new NodeStream(socket, plainPace(socket)),
    });
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen({ fd: where.fd }, resolve);
  await promise.catch((cause) => {
    throw cannotListen(`of file descriptor ${where.fd}`, cause);
  });
  server.off("error", reject);
  const address = server.address();
  return {
    address: typeof address === "object" && address !== null
      ? { kind: "tcp", host: address.address, port: address.port }
      : where,
    close: () => Promise.resolve(void server.close()),
  };
}

/** Offers TLS on each connection where there is an identity to show. */
function offering(tls: TlsIdentity | undefined, accept: Accept): Accept {
  if (tls === undefined) return accept;
  const startTls = createTlsServer(tls);
  return (accepted) =>
    accept({
      ...accepted,
      startTls: (received) => startTls(accepted.stream, received),
    });
}

/** Accepts until the listener is closed. */
async function acceptAll<Conn>(
  listener: { accept(): Promise<Conn> },
  accept: (conn: Conn) => void,
) {
  while (true) {
    try {
      accept(await listener.accept());
    } catch (error) {
      if (error instanceof Deno.errors.BadResource) return;
      if (error instanceof Deno.errors.Interrupted) return;
      // Out of file descriptors, or the client has left already: the next may do better, a little later.
      await new Promise((resolve) => setTimeout(resolve, ACCEPT_AGAIN_MS));
    }
  }
}

/** An IPv4 address as itself where the system writes it as one of IPv6. */
function withoutMapping(host: string): string {
  return host.replace(/^::ffff:/, "");
}

function attempt<Result>(where: string, listen: () => Result): Result {
  try {
    return listen();
  } catch (cause) {
    throw cannotListen(where, cause);
  }
}

function cannotListen(where: string, cause: unknown): RdsiamError {
  const why = cause instanceof Deno.errors.AddrInUse
    ? "another program listens there"
    : errorMessage(cause);
  return new RdsiamError(
    "failed",
    `Address ${where} cannot be listened on: ${why}`,
    { hint: "Name another with --listen, or port 0 for a free one", cause },
  );
}
