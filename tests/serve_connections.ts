import { listenTcp } from "../adapters/net/listen.ts";
import type { TlsIdentity } from "../adapters/net/tls_stream.ts";
import { Connection } from "../services/connection/connection.ts";

/** A server for a test; disposing of it ends every connection. */
export interface ConnectionServer extends AsyncDisposable {
  /** Its port on 127.0.0.1. */
  port: number;
}

/** Listens, and serves each connection until the promise of `serve` settles, or for good. */
export function serveConnections(
  tls: TlsIdentity | undefined,
  serve: (client: Connection) => Promise<unknown> | void,
): ConnectionServer {
  const clients = new Set<Connection>();
  const listener = listenTcp("127.0.0.1", 0, tls, async (accepted) => {
    const client = new Connection(accepted);
    clients.add(client);
    await serve(client);
  });
  return {
    port: listener.address.port,
    async [Symbol.asyncDispose]() {
      await listener.close();
      for (const client of clients) client.close();
    },
  };
}
