import { connect, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import { RdsiamError } from "../../core/errors.ts";
import { formatAddress } from "../../core/target/address.ts";
import type {
  AcceptedStream,
  ByteStream,
  Listener,
} from "../../core/ports/streams.ts";

/** How a server identifies itself in TLS. */
export interface TlsIdentity {
  /** Its certificate, as PEM. */
  certificate: string;
  /** The key of that certificate, as PEM. */
  privateKey: string;
  /** The protocols it offers by ALPN. */
  protocols: readonly string[];
}

/** A listening socket that may be closed while its connections go on. */
export interface StoppableListener extends Listener {
  /** The address it listens on; empty for a Unix socket. */
  host: string;
  /** Stops listening. */
  stop(): void;
}

/**
 * Listens on TCP and hands over each connection.
 *
 * @param port the port, 0 for a free one
 * @throws {RdsiamError} `failed`, when the port is in use or not allowed
 */
export async function listenTcp(
  host: string,
  port: number,
  tls: TlsIdentity,
  accept: (stream: AcceptedStream) => void,
): Promise<StoppableListener> {
  return await listenWithNode({ host, port }, tls, accept);
}

/**
 * Listens with Node's sockets, on TCP or on a socket that this process was started with.
 *
 * @param tls who asks for TLS gets it where there is one
 * @throws {RdsiamError} `failed`, when it cannot be listened there
 */
export async function listenWithNode(
  where: { host: string; port: number } | { fd: number },
  tls: TlsIdentity | undefined,
  accept: (stream: AcceptedStream) => void,
): Promise<StoppableListener> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.setNoDelay(true);
    socket.setKeepAlive(true);
    accept(new AcceptedSocket(socket, tls));
  });
  await listen(server, where);
  const address = server.address();
  const { address: host, port } =
    typeof address === "object" && address !== null
      ? address
      : { address: "", port: 0 };
  return {
    host,
    port,
    stop: () => void server.close(),
    close() {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
      return promise;
    },
  };
}

/** Connects to a TCP port of this machine, or to a Unix socket. */
export async function connectLocal(
  to: { port: number } | { path: string },
): Promise<ByteStream> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect("path" in to ? to : { ...to, host: "127.0.0.1" });
  socket.once("connect", resolve);
  socket.once("error", reject);
  await promise;
  socket.off("error", reject);
  socket.setNoDelay(true);
  return new SocketStream(socket);
}

/** A connected socket as a stream. */
export function socketStream(socket: Socket): ByteStream {
  return new SocketStream(socket);
}

/** A Node socket as a stream that is read from at the reader's own pace. */
class SocketStream implements ByteStream {
  protected readonly socket: Socket;
  readonly #received: Uint8Array[] = [];
  #hasEnded = false;
  #wake: (() => void) | undefined;
  readonly #onData = (chunk: Uint8Array) => {
    this.#received.push(chunk);
    this.socket.pause();
    this.#wake?.();
  };

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", this.#onData);
    socket.pause();
    const end = () => {
      this.#hasEnded = true;
      this.#wake?.();
    };
    // An "error" is followed by "close"; without a listener it would end the process.
    socket.on("error", () => {});
    socket.once("end", end);
    socket.once("close", end);
  }

  async read(): Promise<Uint8Array | undefined> {
    while (this.#received.length === 0 && !this.#hasEnded) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      this.socket.resume();
      await promise;
    }
    return this.#received.shift();
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.socket.destroyed || this.socket.write(bytes)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.socket.once("drain", resolve);
    this.socket.once("close", resolve);
    await promise;
    this.socket.off("drain", resolve);
    this.socket.off("close", resolve);
  }

  close(): void {
    this.socket.end(() => this.socket.destroy());
  }

  /** Gives the socket up, with what it has received but nobody has read. */
  protected release(): Uint8Array[] {
    this.socket.off("data", this.#onData);
    return this.#received.splice(0);
  }
}

class AcceptedSocket extends SocketStream implements AcceptedStream {
  readonly remoteHost: string;
  readonly #tls: TlsIdentity | undefined;

  constructor(socket: Socket, tls: TlsIdentity | undefined) {
    super(socket);
    this.#tls = tls;
    this.remoteHost = (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  }

  async startTls(received: Uint8Array) {
    if (this.#tls === undefined) throw new Error("TLS is not offered");
    const unread = [received, ...this.release()];
    this.socket.pause();
    for (const chunk of unread.reverse()) {
      if (chunk.length > 0) this.socket.unshift(chunk);
    }
    const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
    const { certificate, privateKey, protocols } = this.#tls;
    const server = createTlsServer({
      cert: certificate,
      key: privateKey,
      ALPNProtocols: [...protocols],
    }, resolve);
    server.once("tlsClientError", reject);
    this.socket.once("close", () => reject(new Error("Connection closed")));
    // Deno 2.9 upgrades an accepted socket this way alone.
    server.emit("connection", this.socket);
    const secure = await promise;
    return {
      stream: new SocketStream(secure),
      alpn: secure.alpnProtocol || undefined,
    };
  }
}

async function listen(
  server: Server,
  where: { host: string; port: number } | { fd: number },
) {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(where, resolve);
  try {
    await promise;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const why = message.includes("EADDRINUSE")
      ? "another program listens there"
      : message;
    const name = "fd" in where
      ? `of file descriptor ${where.fd}`
      : formatAddress(where.host, where.port);
    throw new RdsiamError(
      "failed",
      `Address ${name} cannot be listened on: ${why}`,
      { hint: "Name another with --listen, or port 0 for a free one", cause },
    );
  }
  server.off("error", reject);
}
