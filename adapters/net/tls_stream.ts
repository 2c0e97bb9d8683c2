import {
  connect,
  type ConnectionOptions,
  createSecureContext,
  TLSSocket,
} from "node:tls";
import type { ByteStream, SecureStream } from "../../core/ports/streams.ts";
import { Ciphertext } from "./ciphertext.ts";
import { ConnectionClosed, NodeStream } from "./node_stream.ts";

/** How a server identifies itself in TLS. */
export interface TlsIdentity {
  /** Its certificate, as PEM. */
  certificate: string;
  /** The key of that certificate, as PEM. */
  privateKey: string;
  /** The protocols it offers by ALPN. */
  protocols: readonly string[];
}

/**
 * Makes what goes on in TLS on an accepted connection, as its server.
 *
 * @returns a function that takes the connection and what was read from it already; when its handshake fails, it closes the
 * connection and throws
 */
export function createTlsServer(
  { certificate, privateKey, protocols }: TlsIdentity,
): (stream: ByteStream, received: Uint8Array) => Promise<SecureStream> {
  let secureContext: ReturnType<typeof createSecureContext> | undefined;
  return async (stream, received) => {
    const ciphertext = new Ciphertext(stream, received);
    secureContext ??= createSecureContext({
      cert: certificate,
      key: privateKey,
    });
    const socket = new TLSSocket(ciphertext, {
      ...{ isServer: true, secureContext },
      ALPNProtocols: [...protocols],
    });
    return await handshake(socket, "secure", ciphertext);
  };
}

/**
 * Starts TLS on a connection, as its client.
 *
 * @throws {Error} when the handshake fails; the connection is closed then
 */
export async function connectTls(
  stream: ByteStream,
  options: ConnectionOptions,
): Promise<SecureStream> {
  const ciphertext = new Ciphertext(stream);
  const socket = connect({ ...options, socket: ciphertext });
  return await handshake(socket, "secureConnect", ciphertext);
}

async function handshake(
  socket: TLSSocket,
  done: "secure" | "secureConnect",
  ciphertext: Ciphertext,
): Promise<SecureStream> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once(done, resolve);
  socket.once("error", reject);
  socket.once("close", () => {
    reject(new ConnectionClosed("Connection closed"));
  });
  const stream = new NodeStream(socket, ciphertext);
  // When the connection breaks off, Deno's TLS says nothing in the handshake, and takes what is written later for sent.
  ciphertext.once("end", () => stream.endBeneath());
  // After a goodbye, too: nothing that is written arrives once it is closed.
  ciphertext.once("close", () => stream.close());
  try {
    await promise;
  } catch (error) {
    ciphertext.destroy();
    throw error;
  }
  return { stream, alpn: socket.alpnProtocol || undefined };
}
