import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { connStream } from "../../../adapters/net/conn_stream.ts";
import {
  connectTls,
  createTlsServer,
} from "../../../adapters/net/tls_stream.ts";
import { createTlsAuthority } from "../../../adapters/emulator/tls_authority.ts";
import type { ByteStream } from "../../../core/ports/streams.ts";
import { relay } from "../../../services/connection/relay.ts";
import { bytes, NAME } from "./net_fixture.ts";

const authority = await createTlsAuthority([NAME], new Date());
const startServer = createTlsServer({
  ...authority,
  protocols: ["postgresql"],
});
const OPTIONS = { ca: authority.ca, servername: NAME };

/** The largest buffer that a direction reads into. */
const BUFFER = 65_536;

/**
 * What may have been read on one side and not yet be written on the other: the relay's buffer, what was decrypted of one read,
 * and what is being encrypted.
 */
const MOST_HELD = 3 * BUFFER;

/** Much more than the system keeps for the connections in between. */
const OFFERED = 48 << 20;

/** For how long nothing goes on before a sender counts as held up, in milliseconds. */
const QUIET_MS = 300;

/** Bytes that passed a stream, as they are on the network. */
interface Meter {
  stream: ByteStream;
  read: number;
  written: number;
}

/** A connection, with the far end and a meter on the near one. */
async function connection() {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [far, near] = await Promise.all([
    Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port }),
    listener.accept(),
  ]);
  const inner = connStream(near);
  const meter: Meter = {
    read: 0,
    written: 0,
    stream: {
      ...inner,
      async read(buffer) {
        const count = await inner.read(buffer);
        meter.read += count ?? 0;
        return count;
      },
      async write(chunk) {
        const count = await inner.write(chunk);
        meter.written += count;
        return count;
      },
    },
  };
  return { far, meter };
}

/** Which ends of the proxy are within TLS. */
interface Mode {
  client: boolean;
  database: boolean;
}

/** What relays between a client and a database, and their far ends. */
async function openRelay(mode: Mode) {
  const left = await connection();
  const right = await connection();
  async function ends(isTls: boolean, { far, meter }: typeof left) {
    if (!isTls) return [connStream(far), meter.stream] as const;
    return await Promise.all([
      Deno.startTls(far, { hostname: NAME, caCerts: [authority.ca] })
        .then(async (secure) => {
          await secure.handshake();
          return connStream(secure);
        }),
      startServer(meter.stream, new Uint8Array()).then(({ stream }) => stream),
    ]);
  }
  async function databaseEnds(isTls: boolean, { far, meter }: typeof left) {
    if (!isTls) return [connStream(far), meter.stream] as const;
    return await Promise.all([
      startServer(connStream(far), new Uint8Array())
        .then(({ stream }) => stream),
      connectTls(meter.stream, OPTIONS).then(({ stream }) => stream),
    ]);
  }
  const [client, nearClient] = await ends(mode.client, left);
  const [database, nearDatabase] = await databaseEnds(mode.database, right);
  const controller = new AbortController();
  const counts = { fromClient: 0, fromUpstream: 0 };
  const ended = relay(nearClient, nearDatabase, counts, controller.signal);
  return {
    ...{ client, database, ended },
    meters: { client: left.meter, database: right.meter },
    [Symbol.asyncDispose]() {
      controller.abort();
      for (const end of [client, database, nearClient, nearDatabase]) {
        end.close();
      }
      return ended.then(() => {});
    },
  };
}

const MODES: readonly Mode[] = [false, true].flatMap((client) =>
  [false, true].map((database) => ({ client, database }))
);

function nameOf({ client, database }: Mode): string {
  return `${client ? "TLS" : "plain"} to ${database ? "TLS" : "plain"}`;
}

async function send(
  stream: ByteStream,
  chunks: Iterable<Uint8Array>,
  counted: (bytes: number) => void = () => {},
) {
  for (const chunk of chunks) {
    for (let done = 0; done < chunk.length;) {
      const count = await stream.write(chunk.subarray(done));
      counted(count);
      done += count;
    }
  }
}

async function digestOf(stream: ByteStream, total: number) {
  const digest = createHash("sha256");
  const buffer = new Uint8Array(BUFFER);
  for (let received = 0; received < total;) {
    const count = await stream.read(buffer);
    assert.ok(count !== null, `ended after ${received} bytes`);
    digest.update(buffer.subarray(0, count));
    received += count;
  }
  return digest.digest("hex");
}

function digest(chunks: Iterable<Uint8Array>): string {
  const digest = createHash("sha256");
  for (const chunk of chunks) digest.update(chunk);
  return digest.digest("hex");
}

/** A piece that looks random. */
function piece(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[i] = state >>> 16;
  }
  return bytes;
}

function* manyPieces() {
  const one = piece(1 << 20, 7);
  for (let sent = 0; sent < OFFERED; sent += one.length) yield one;
}

for (const mode of MODES) {
  Deno.test(`what is relayed from ${nameOf(mode)} arrives as it was sent, both ways at once`, async () => {
    const pieces = fc.array(
      fc.oneof(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 4_000, max: 70_000 }),
      ),
      { minLength: 1, maxLength: 12 },
    );
    await using proxy = await openRelay(mode);
    await fc.assert(
      fc.asyncProperty(pieces, pieces, async (up, down) => {
        const sent = up.map(piece);
        const answered = down.map(piece);
        const total = (chunks: Uint8Array[]) =>
          chunks.reduce((sum, { length }) => sum + length, 0);
        const [, , arrived, came] = await Promise.all([
          send(proxy.client, sent),
          send(proxy.database, answered),
          digestOf(proxy.database, total(sent)),
          digestOf(proxy.client, total(answered)),
        ]);
        assert.equal(arrived, digest(sent));
        assert.equal(came, digest(answered));
      }),
      { numRuns: 25 },
    );
  });

  for (const sender of ["client", "database"] as const) {
    // security: proxy-memory-bounded
    Deno.test(`from ${nameOf(mode)}, no more is read of the ${sender} than a few buffers while the other side takes nothing, and nothing is lost`, async () => {
      await using proxy = await openRelay(mode);
      const receiver = sender === "client" ? "database" : "client";
      const { meters } = proxy;
      let sent = 0;
      const sending = send(proxy[sender], manyPieces(), (count) => {
        sent += count;
      });
      await untilQuiet(() => sent);
      assert.ok(sent < OFFERED, "all was taken");
      const held = meters[sender].read - meters[receiver].written;
      assert.ok(held < MOST_HELD, `${held} bytes are held`);
      const [arrived] = await Promise.all([
        digestOf(proxy[receiver], OFFERED),
        sending,
      ]);
      assert.equal(arrived, digest(manyPieces()));
    });
  }

  Deno.test(`from ${nameOf(mode)}, a client that sends no more gets what is still to come`, async () => {
    await using proxy = await openRelay(mode);
    await send(proxy.client, [bytes("question")]);
    await proxy.client.closeWrite();
    assert.equal(
      await digestOf(proxy.database, 8),
      digest([bytes("question")]),
    );
    assert.equal(await proxy.database.read(new Uint8Array(1)), null);
    await send(proxy.database, [bytes("answer")]);
    await proxy.database.closeWrite();
    assert.equal(await digestOf(proxy.client, 6), digest([bytes("answer")]));
    assert.equal((await proxy.ended).endedBy, "client");
  });
}

Deno.test("nothing is decrypted of what nobody asks for: Deno's own pause() of TLS does not do that", async () => {
  const { far, meter } = await connection();
  const [client, { stream }] = await Promise.all([
    connectTls(connStream(far), OPTIONS),
    startServer(meter.stream, new Uint8Array()),
  ]);
  let sent = 0;
  const sending = send(client.stream, manyPieces(), (count) => sent += count);
  await untilQuiet(() => sent);
  const before = meter.read;
  // The login's buffer asks for little, and gets little more.
  const count = await stream.read(new Uint8Array(100));
  assert.equal(count, 100);
  await untilQuiet(() => sent);
  assert.ok(meter.read - before < BUFFER, `${meter.read - before} were read`);
  client.stream.close();
  stream.close();
  await assert.rejects(sending);
});

Deno.test("what is within TLS ends when the connection breaks off without a goodbye, and writing fails", async () => {
  const { far, meter } = await connection();
  const [client, { stream }] = await Promise.all([
    connectTls(connStream(far), OPTIONS),
    startServer(meter.stream, new Uint8Array()),
  ]);
  await send(stream, [bytes("hello")]);
  assert.equal(await client.stream.read(new Uint8Array(8)), 5);
  const reading = client.stream.read(new Uint8Array(8));
  meter.stream.close();
  assert.equal(await reading.catch(() => null), null);
  await assert.rejects(async () => {
    while (true) await client.stream.write(new Uint8Array(BUFFER));
  });
  client.stream.close();
  client.stream.close();
  stream.close();
});

Deno.test("writing within TLS fails when the connection breaks off after a goodbye, rather than being lost", async () => {
  const { far, meter } = await connection();
  let isBroken = false;
  const beneath: ByteStream = {
    ...meter.stream,
    write: (chunk) =>
      isBroken
        ? Promise.reject(new Error("Connection reset by peer"))
        : meter.stream.write(chunk),
  };
  const [client, { stream }] = await Promise.all([
    connectTls(connStream(far), OPTIONS),
    startServer(beneath, new Uint8Array()),
  ]);
  await client.stream.closeWrite();
  assert.equal(await stream.read(new Uint8Array(8)), null);
  isBroken = true;
  await assert.rejects(async () => {
    for (let sent = 0; sent < OFFERED;) {
      sent += await stream.write(new Uint8Array(BUFFER));
    }
  });
  client.stream.close();
});

/** Waits until a number has not changed for a while. */
async function untilQuiet(value: () => number) {
  for (let last = -1; value() !== last;) {
    last = value();
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  }
}
