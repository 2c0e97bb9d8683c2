import assert from "node:assert/strict";
import {
  createTlsAuthority,
  type TlsAuthority,
} from "../../../adapters/emulator/tls_authority.ts";
import type { Connection } from "../../../services/connection/connection.ts";
import {
  type ConnectionServer,
  serveConnections,
} from "../../serve_connections.ts";

/** The name that the server's certificate is for. */
export const NAME = "orders.abc.eu-west-1.rds.amazonaws.com";

/** A listening server and its clients. */
export interface NetFixture extends ConnectionServer {
  /** The authority that clients trust. */
  authority: TlsAuthority;
  /** Connects, and gives both ends. */
  connect(): Promise<{ client: Deno.TcpConn; accepted: Connection }>;
}

let authority: Promise<TlsAuthority> | undefined;

/** Starts a server for one test. */
export async function startNetServer(): Promise<NetFixture> {
  const tls = await (authority ??= createTlsAuthority([NAME], new Date()));
  let accept: ((client: Connection) => void) | undefined;
  const server = serveConnections(
    { ...tls, protocols: ["postgresql"] },
    (client) => accept?.(client),
  );
  return {
    ...server,
    authority: tls,
    async connect() {
      const { promise, resolve } = Promise.withResolvers<Connection>();
      accept = resolve;
      const client = await Deno.connect({
        hostname: "127.0.0.1",
        port: server.port,
      });
      return { client, accepted: await promise };
    },
  };
}

/** Bytes of a text. */
export function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** The next bytes as text. */
export async function readText(
  connection: Connection,
): Promise<string | undefined> {
  const chunk = await connection.read();
  return chunk && new TextDecoder().decode(chunk);
}

/** Reads from a client's end until it has so much text. */
export async function expectText(client: Deno.Conn, text: string) {
  let received = "";
  const buffer = new Uint8Array(65_536);
  while (received.length < text.length) {
    const count = await client.read(buffer);
    if (count === null) break;
    received += new TextDecoder().decode(buffer.subarray(0, count));
  }
  assert.equal(received, text);
}
