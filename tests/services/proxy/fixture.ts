import { RdsiamError } from "../../../core/errors.ts";
import {
  authenticationCleartextPassword,
} from "../../../core/pgwire/authentication.ts";
import { PacketBuffer } from "../../../core/pgwire/packet_buffer.ts";
import type { AcceptedStream } from "../../../core/ports/streams.ts";
import type { Dialer } from "../../../core/database/dialer.ts";
import { Secret } from "../../../core/secret.ts";
import type { ProxyEvent } from "../../../services/proxy/events.ts";
import { Proxy, type ProxyOptions } from "../../../services/proxy/proxy.ts";
import type { ProxyListener } from "../../../services/proxy/route.ts";
import { TokenSource } from "../../../services/token/token_source.ts";
import {
  FakeClock,
  FakeSigner,
  fakeTarget,
  MemoryStream,
  settle,
} from "../../fakes.ts";
import { bytesOf, concat, message, uint32 } from "../../testdata/packets.ts";

/** The local password. */
export const PASSWORD = "local password";

/** `AuthenticationOk`. */
export const OK = message("R", uint32(0));

/** `BackendKeyData` of process 42. */
export const KEY = concat(uint32(42), uint32(7));

/** `ReadyForQuery`, idle. */
export const READY = message("Z", bytesOf("I"));

/** All that a database says when it lets somebody in. */
export const WELCOME = concat(
  OK,
  message("S", bytesOf("server_version\x0018\0")),
  message("K", KEY),
  READY,
);

/** An error as a database says it. */
export function databaseError(code: string, text: string) {
  return message("E", bytesOf(`SFATAL\0C${code}\0M${text}\0\0`));
}

/** One connection to the database: the database's end, and what was asked of it. */
export interface Upstream {
  stream: MemoryStream;
  buffer: PacketBuffer;
  address: { host: string; port: number } | undefined;
}

/** A proxy between fake clients and a fake database; `answer` says what the database does with each connection. */
export function prepare(
  { options = {}, listener = {}, answer = letIn, report }: {
    options?: Partial<ProxyOptions>;
    listener?: Partial<ProxyListener>;
    answer?: (upstream: Upstream, nth: number) => Promise<void> | void;
    report?: (event: ProxyEvent) => void;
  } = {},
) {
  const clock = new FakeClock();
  const signer = new FakeSigner(clock);
  const events: ProxyEvent[] = [];
  const upstreams: Upstream[] = [];
  const dialler = {
    /** Is thrown instead of connecting. */
    error: undefined as Error | undefined,
    /** Whether connecting takes for ever. */
    hangs: false,
  };
  const dialer: Dialer = {
    dial(_target, signal, address) {
      if (dialler.error !== undefined) return Promise.reject(dialler.error);
      if (dialler.hangs) {
        const { promise, reject } = Promise.withResolvers<never>();
        signal.addEventListener("abort", () => {
          reject(new RdsiamError("unreachable", "given up"));
        });
        return promise;
      }
      const [stream, near] = MemoryStream.pair();
      const upstream = { stream, buffer: new PacketBuffer(), address };
      upstreams.push(upstream);
      answer(upstream, upstreams.length);
      return Promise.resolve({
        stream: near.stream,
        address: { host: "10.0.0.1", port: 5432 },
      });
    },
  };
  const proxy = new Proxy({
    password: new Secret(PASSWORD),
    anyUser: false,
    maxConnections: 100,
    connectRate: Infinity,
    ...options,
  }, {
    clock,
    tokens: new TokenSource({ signer, clock }),
    dialer,
    random: (length) => new Uint8Array(length).fill(1),
    report: report ?? ((event) => events.push(event)),
    serveMysql: () => Promise.reject(new Error("No target of MySQL")),
  });
  const target = { name: "orders", target: fakeTarget() };
  const opened: ProxyListener = {
    targets: [target],
    isShared: false,
    needsPassword: false,
    ...listener,
  };
  /** A client that is connected and has said this. */
  async function connect(
    first: Uint8Array = new Uint8Array(),
    conn: Partial<AcceptedStream> = {},
  ): Promise<MemoryStream> {
    const [client, accepted] = MemoryStream.pair();
    proxy.serve(
      { remoteHost: "127.0.0.1", stream: accepted.stream, ...conn },
      opened,
    );
    await client.write(first);
    await settle();
    return client;
  }
  return { clock, signer, events, upstreams, dialler, proxy, connect, target };
}

/** Reads a start-up packet and a password, as a database does that lets in whoever has a token. */
export async function letIn(upstream: Upstream): Promise<void> {
  await readStartup(upstream);
  await askForToken(upstream);
  await upstream.stream.write(WELCOME);
}

/** The start-up packet that came. */
export async function readStartup({ stream, buffer }: Upstream) {
  while (true) {
    const packet = buffer.takeStartupPacket();
    if (packet !== undefined) return packet;
    const chunk = await stream.read();
    if (chunk === undefined) return undefined;
    buffer.push(chunk);
  }
}

/** The token that came when it was asked for. */
export async function askForToken({ stream, buffer }: Upstream) {
  await stream.write(authenticationCleartextPassword());
  while (true) {
    const taken = buffer.takeMessage();
    if (taken !== undefined) {
      return new TextDecoder().decode(taken.body.subarray(0, -1));
    }
    const chunk = await stream.read();
    if (chunk === undefined) return undefined;
    buffer.push(chunk);
  }
}
