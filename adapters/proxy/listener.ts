import { RdsiamError } from "../../core/errors.ts";
import type { AcceptedConn } from "../../core/ports/streams.ts";
import { formatAddress } from "../../core/target/address.ts";
import { listenWithNode, type TlsIdentity } from "../net/net.ts";
import { rawStreamOf } from "../net/raw_stream.ts";

/** Where a proxy listens. */
export type ListenAddress =
  | { kind: "tcp"; host: string; port: number }
  | { kind: "unix"; path: string }
  /** A socket that this process was started with, as by systemd. */
  | { kind: "fd"; fd: number };

/** A listening socket of a proxy. */
export interface ProxyListener {
  /** Where it listens; a port of 0 replaced by the one that was free, a file descriptor by its address. */
  address: ListenAddress;
  /** Stops accepting; connections go on. */
  close(): Promise<void>;
}

/** Only this user may connect. */
const UNIX_UMASK = 0o177;

/**
 * Listens and hands over each connection. Without TLS they are Deno's own sockets, which carry bytes with less work
 * than Node's.
 *
 * @param tls how to identify to clients, where TLS is offered; TCP only
 * @throws {RdsiamError} `failed`, when it cannot be listened there
 */
export async function listenForClients(
  address: ListenAddress,
  tls: TlsIdentity | undefined,
  accept: (conn: AcceptedConn) => void,
): Promise<ProxyListener> {
  if (address.kind === "unix") return await listenUnix(address.path, accept);
  if (address.kind === "tcp" && tls === undefined) {
    return listenPlain(address, accept);
  }
  const listener = await listenWithNode(address, tls, (stream) => {
    const conn = { remoteHost: stream.remoteHost, raw: rawStreamOf(stream) };
    accept(
      tls === undefined ? conn : {
        ...conn,
        async startTls(received) {
          const { stream: secure, alpn } = await stream.startTls(received);
          return { raw: rawStreamOf(secure), alpn };
        },
      },
    );
  });
  const { host, port } = listener;
  return {
    address: host === "" ? address : { kind: "tcp", host, port },
    close: () => Promise.resolve(listener.stop()),
  };
}

function listenPlain(
  { host, port }: { host: string; port: number },
  accept: (conn: AcceptedConn) => void,
): ProxyListener {
  const listener = attempt(
    formatAddress(host, port),
    () => Deno.listen({ hostname: host, port }),
  );
  acceptAll(listener, (conn) => {
    try {
      conn.setNoDelay(true);
      conn.setKeepAlive(true);
    } catch {
      // The client has left already; reading will tell.
    }
    accept({ remoteHost: conn.remoteAddr.hostname, raw: conn });
  });
  return {
    address: { kind: "tcp", host, port: listener.addr.port },
    close: closing(listener),
  };
}

async function listenUnix(
  path: string,
  accept: (conn: AcceptedConn) => void,
): Promise<ProxyListener> {
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
  acceptAll(listener, (conn) => accept({ remoteHost: "unix", raw: conn }));
  return {
    address: { kind: "unix", path },
    async close() {
      await closing(listener)();
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
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

function closing(listener: { close(): void }): () => Promise<void> {
  return () => {
    listener.close();
    return Promise.resolve();
  };
}

function attempt<Listener>(where: string, listen: () => Listener): Listener {
  try {
    return listen();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const why = cause instanceof Deno.errors.AddrInUse
      ? "another program listens there"
      : message;
    throw new RdsiamError(
      "failed",
      `Address ${where} cannot be listened on: ${why}`,
      { hint: "Name another with --listen, or port 0 for a free one", cause },
    );
  }
}
