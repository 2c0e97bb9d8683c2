import assert from "node:assert/strict";
import { listenTcp } from "../../../adapters/net/net.ts";
import {
  createTlsAuthority,
  type TlsAuthority,
} from "../../../adapters/emulator/tls_authority.ts";
import type {
  AcceptedStream,
  ByteStream,
  Listener,
} from "../../../core/ports/streams.ts";

/** The name that the server's certificate is for. */
export const NAME = "orders.abc.eu-west-1.rds.amazonaws.com";

/** A listening server and its clients. */
export interface NetFixture extends AsyncDisposable {
  listener: Listener;
  /** The authority that clients trust. */
  authority: TlsAuthority;
  /** Connects, and gives both ends. */
  connect(): Promise<{ client: Deno.TcpConn; accepted: AcceptedStream }>;
}

let authority: Promise<TlsAuthority> | undefined;

/** Starts a server for one test. */
export async function startNetServer(): Promise<NetFixture> {
  const tls = await (authority ??= createTlsAuthority([NAME], new Date()));
  let accept: ((stream: AcceptedStream) => void) | undefined;
  const listener = await listenTcp(
    "127.0.0.1",
    0,
    { ...tls, protocols: ["postgresql"] },
    (stream) => accept?.(stream),
  );
  return {
    listener,
    authority: tls,
    async connect() {
      const { promise, resolve } = Promise.withResolvers<AcceptedStream>();
      accept = resolve;
      const client = await Deno.connect({
        hostname: "127.0.0.1",
        port: listener.port,
      });
      return { client, accepted: await promise };
    },
    [Symbol.asyncDispose]: () => listener.close(),
  };
}

/** Bytes of a text. */
export function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** The next bytes as text. */
export async function readText(
  stream: ByteStream,
): Promise<string | undefined> {
  const chunk = await stream.read();
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
