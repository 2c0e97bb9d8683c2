import type { ByteStream } from "../../core/ports/streams.ts";
import { connStream } from "../net/conn_stream.ts";
import { connectTls } from "../net/tls_stream.ts";
import { needsNodeTls, type TlsLogin, tlsOptions } from "./tls.ts";

/** A TCP connection to a database, which goes over to TLS when the database's protocol says so. */
export interface DatabaseConn {
  /** The connection before TLS. Closing it closes what came of it, too. */
  stream: ByteStream;
  /** What was dialled, its host as an address. */
  address: { host: string; port: number };
  /**
   * Goes on in TLS, verified as the login says.
   *
   * @throws {Error} when the handshake fails
   */
  startTls(): Promise<ByteStream>;
}

/**
 * Connects to a database, on Deno's own socket. Its TLS is Deno's, too, which carries bytes with less work than Node's, but
 * where only that one verifies what the login asks for.
 *
 * @param environment this process's own
 * @throws {Error} when it cannot be reached, or the signal aborts
 */
export async function connectToDatabase(
  login: TlsLogin,
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<DatabaseConn> {
  const { address, near, serverName, trust } = login;
  const { host: hostname, port } = near ?? address;
  const tcp = await Deno.connect({ hostname, port, signal });
  tcp.setNoDelay(true);
  tcp.setKeepAlive(true);
  const plain = connStream(tcp);
  let open = plain;
  return {
    stream: { ...plain, close: () => open.close() },
    address: near === undefined
      ? { host: tcp.remoteAddr.hostname, port }
      : address,
    async startTls() {
      if (needsNodeTls(login, environment)) {
        return open = (await connectTls(plain, tlsOptions(login))).stream;
      }
      const tls = await Deno.startTls(tcp, {
        hostname: serverName,
        ...(trust.kind === "roots" && { caCerts: [trust.pem] }),
      });
      open = connStream(tls);
      await tls.handshake();
      return open;
    },
  };
}
