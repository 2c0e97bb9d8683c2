import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import fc from "fast-check";
import type { ByteStream } from "../../../core/ports/streams.ts";
import { relay, type RelayEnd } from "../../../services/connection/relay.ts";
import { settle } from "../../fakes.ts";
import { bytesOf } from "../../testdata/packets.ts";
import { FakeStream } from "./fake_stream.ts";

const MEBIBYTE = 1 << 20;

Deno.test("`relay()` carries all bytes in order, however they are cut and however little is taken at once", async () => {
  const chunks = fc.array(
    fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 10 }),
      fc.integer({ min: 200, max: 70_000 }).map((length) =>
        new Uint8Array(length).map((_, i) => i % 251)
      ),
    ),
    { maxLength: 8 },
  );
  const atMost = fc.constantFrom(97, 4096, Infinity);
  await fc.assert(
    fc.asyncProperty(chunks, chunks, atMost, async (sent, answered, most) => {
      const client = new FakeStream(most);
      const upstream = new FakeStream(most);
      const { counts, ended } = start(client, upstream);
      client.come(...sent);
      upstream.come(...answered);
      await Promise.all([client.drained(), upstream.drained()]);
      client.end();
      upstream.end();
      await ended;
      assert.deepEqual(concat(...upstream.written), concat(...sent));
      assert.deepEqual(concat(...client.written), concat(...answered));
      assert.deepEqual(counts, {
        fromClient: concat(...sent).length,
        fromUpstream: concat(...answered).length,
      });
    }),
    { numRuns: 60 },
  );
});

Deno.test("`relay()` carries 100 MiB each way at once over sockets, as they were", async () => {
  await using sockets = await openSockets();
  const { client, upstream, near, far } = sockets;
  const { ended, counts } = start(near, far);
  const total = 100 * MEBIBYTE;
  const [sent, arrived, answered, came] = await Promise.all([
    send(client, total, 1),
    receive(upstream, total),
    send(upstream, total, 2),
    receive(client, total),
  ]);
  assert.equal(arrived, sent);
  assert.equal(came, answered);
  assert.notEqual(sent, answered);
  assert.deepEqual(counts, { fromClient: total, fromUpstream: total });
  await client.closeWrite();
  assert.equal(await upstream.read(new Uint8Array(1)), null);
  upstream.close();
  assert.equal((await ended).endedBy, "client");
});

Deno.test("`relay()` reads no more from a side than one buffer while the other side takes nothing", async () => {
  const { client, upstream, counts, ended, stop } = start(
    new FakeStream(),
    new FakeStream(),
  );
  upstream.isStuck = true;
  client.come(new Uint8Array(MEBIBYTE));
  // The other way is not held up.
  upstream.come(bytesOf("still there"));
  await settle();
  assert.deepEqual(counts, { fromClient: 256, fromUpstream: 11 });
  assert.deepEqual(concat(...client.written), bytesOf("still there"));
  stop();
  await ended;
});

Deno.test("`relay()` reads into a buffer that grows with what comes, and keeps the large one only while it is filled", async () => {
  const client = new FakeStream();
  const upstream = new FakeStream();
  const { ended } = start(client, upstream);
  await settle();
  for (
    const [comes, thenHasRoom] of [
      [1, 256],
      [256, 8192],
      [1, 8192],
      [8192, 65_536],
      [65_536, 65_536],
      [65_535, 8192],
    ] as const
  ) {
    upstream.come(new Uint8Array(comes));
    await settle();
    assert.equal(upstream.room, thenHasRoom, `after ${comes} bytes`);
  }
  assert.equal(client.room, 256);
  upstream.end();
  await ended;
});

Deno.test("`relay()` says who ended, after all that came before has been written", async () => {
  for (const by of ["client", "upstream"] as const) {
    const sides = { client: new FakeStream(3), upstream: new FakeStream(3) };
    const other = by === "client" ? "upstream" : "client";
    const { ended } = start(sides.client, sides.upstream);
    sides[by].come(bytesOf("the last words"));
    sides[by].end();
    if (by === "client") {
      await settle();
      assert.equal(sides.upstream.hasEnded, true);
      sides.upstream.end();
    }
    const { endedBy } = await ended;
    assert.equal(endedBy, by);
    const said = concat(...sides[other].written);
    assert.deepEqual(said, bytesOf("the last words"));
    assert.deepEqual([sides[by].closes, sides[other].closes], [0, 0]);
  }
});

Deno.test("`relay()` carries the answers to a client that sends no more", async () => {
  const { client, upstream, ended } = start(new FakeStream(), new FakeStream());
  client.come(bytesOf("the only question"));
  client.end();
  await settle();
  assert.deepEqual(concat(...upstream.written), bytesOf("the only question"));
  assert.equal(upstream.hasEnded, true);
  upstream.come(bytesOf("a late "));
  await settle();
  upstream.come(bytesOf("answer"));
  upstream.end();
  assert.equal((await ended).endedBy, "client");
  assert.deepEqual(concat(...client.written), bytesOf("a late answer"));
});

Deno.test("`relay()` ends when the answers reach nobody: the client had closed and not only stopped sending", async () => {
  const { client, upstream, ended } = start(new FakeStream(), new FakeStream());
  client.end();
  client.failWrites = true;
  upstream.come(bytesOf("answer"));
  assert.equal((await ended).endedBy, "client");
});

Deno.test("`relay()` says who broke: whoever cannot be read or cannot be written to", async () => {
  for (const by of ["client", "upstream"] as const) {
    const sides = { client: new FakeStream(), upstream: new FakeStream() };
    const { ended } = start(sides.client, sides.upstream);
    sides[by].break();
    assert.equal((await ended).endedBy, by);
  }
  for (const by of ["client", "upstream"] as const) {
    const sides = { client: new FakeStream(), upstream: new FakeStream() };
    const other = by === "client" ? "upstream" : "client";
    const { ended } = start(sides.client, sides.upstream);
    sides[by].failWrites = true;
    sides[other].come(bytesOf("hello"));
    const end = await ended;
    assert.equal(end.endedBy, by);
    assert.equal(tailOf(end, other), "");
  }
});

Deno.test("`relay()` ends when a socket is closed or reset on either side, and leaves no read behind", async () => {
  for (const by of ["client", "upstream"] as const) {
    for (const how of ["closed", "reset"] as const) {
      const sockets = await openSockets();
      const { near, far } = sockets;
      const { ended } = start(near, far);
      if (how === "reset") {
        // Closing with something unread resets (RFC 2525, 2.17).
        await (by === "client" ? near : far).write(bytesOf("unread"));
      }
      sockets[by].close();
      if (by === "client") {
        // Closed or reset: the upstream hears of an end, or of the relay's own.
        sockets.upstream.read(new Uint8Array(1)).then(
          () => sockets.upstream.close(),
          () => {},
        );
      }
      assert.equal((await ended).endedBy, by, `${by} ${how}`);
      await sockets[Symbol.asyncDispose]();
    }
  }
});

Deno.test("`relay()` carries nothing any more once its signal has aborted", async () => {
  const client = new FakeStream();
  const upstream = new FakeStream();
  const { ended, stop } = start(client, upstream);
  upstream.come(bytesOf("before"));
  await settle();
  stop();
  const end = await ended;
  assert.equal(end.endedBy, "signal");
  assert.equal(tailOf(end, "upstream"), "before");
  upstream.come(bytesOf("after"));
  client.come(bytesOf("after"));
  await settle();
  assert.deepEqual(concat(...client.written), bytesOf("before"));
  assert.deepEqual(upstream.written, []);
});

Deno.test("`relay()` ends at once when its signal has aborted already", async () => {
  const streams = [new FakeStream(), new FakeStream()] as const;
  const counts = { fromClient: 0, fromUpstream: 0 };
  const end = await relay(...streams, counts, AbortSignal.abort());
  assert.equal(end.endedBy, "signal");
  assert.deepEqual([end.clientTail, end.upstreamTail].map(textOf), ["", ""]);
});

Deno.test("`relay()` tells the last bytes each way, and none where some are still to be written", async () => {
  const client = new FakeStream();
  const upstream = new FakeStream();
  const { ended, stop } = start(client, upstream);
  client.come(bytesOf("X\0\0\0\x04"));
  upstream.come(
    new Uint8Array(256),
    new Uint8Array(8192),
    concat(new Uint8Array(99), bytesOf("Z12345")),
  );
  await settle();
  client.isStuck = true;
  stop();
  const end = await ended;
  assert.equal(tailOf(end, "client"), "X\0\0\0\x04");
  assert.equal(tailOf(end, "upstream"), "Z12345");

  const again = start(new FakeStream(), new FakeStream());
  again.client.isStuck = true;
  again.upstream.come(bytesOf("half of this"));
  await settle();
  again.stop();
  assert.equal(tailOf(await again.ended, "upstream"), "");
});

Deno.test("`relay()` tells its own last bytes, even when others use its large buffer by then", async () => {
  const one = start(new FakeStream(), new FakeStream());
  const full = [new Uint8Array(256), new Uint8Array(8192)];
  one.upstream.come(
    ...full,
    concat(new Uint8Array(9000), bytesOf("ONE")),
  );
  await settle();
  one.upstream.come(bytesOf("one"));
  await settle();
  const other = start(new FakeStream(), new FakeStream());
  other.upstream.come(...full, new Uint8Array(65_536).fill(66));
  await settle();
  one.stop();
  assert.equal(tailOf(await one.ended, "upstream"), "one");
  other.upstream.end();
  assert.equal(tailOf(await other.ended, "upstream"), "BBBBBB");
});

/** Starts a relay. */
function start<Stream extends ByteStream>(client: Stream, upstream: Stream) {
  const counts = { fromClient: 0, fromUpstream: 0 };
  const controller = new AbortController();
  const ended = relay(client, upstream, counts, controller.signal);
  return { client, upstream, counts, ended, stop: () => controller.abort() };
}

function concat(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function tailOf(end: RelayEnd, side: "client" | "upstream"): string {
  return textOf(side === "client" ? end.clientTail : end.upstreamTail);
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** A client and an upstream, with the ends that the relay has of them: `near` and `far`. */
async function openSockets() {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  async function pair() {
    const { port } = listener.addr;
    return await Promise.all([
      Deno.connect({ hostname: "127.0.0.1", port }),
      listener.accept(),
    ]);
  }
  const [client, near] = await pair();
  const [upstream, far] = await pair();
  const all = [client, near, upstream, far];
  return {
    ...{ client, near, upstream, far },
    [Symbol.asyncDispose]() {
      for (const socket of all) {
        try {
          socket.close();
        } catch (error) {
          assert.ok(error instanceof Deno.errors.BadResource);
        }
      }
      return settle();
    },
  };
}

/** Sends bytes that look random, in pieces of many lengths, and gives their digest. */
async function send(
  conn: Deno.Conn,
  total: number,
  seed: number,
): Promise<string> {
  const digest = createHash("sha256");
  const source = new Uint8Array(MEBIBYTE);
  let state = seed;
  for (let i = 0; i < source.length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    source[i] = state >>> 16;
  }
  let sent = 0;
  for (let piece = 0; sent < total; piece++) {
    const length = Math.min(1 + (piece * 7919) % 200_000, total - sent);
    const bytes = source.subarray(0, length);
    source[piece % length] = piece;
    digest.update(bytes);
    for (let done = 0; done < length;) {
      done += await conn.write(bytes.subarray(done));
    }
    sent += length;
  }
  return digest.digest("hex");
}

/** Receives so many bytes and gives their digest. */
async function receive(conn: Deno.Conn, total: number): Promise<string> {
  const digest = createHash("sha256");
  const buffer = new Uint8Array(100_000);
  for (let received = 0; received < total;) {
    const length = await conn.read(buffer);
    if (length === null) break;
    digest.update(buffer.subarray(0, length));
    received += length;
  }
  return digest.digest("hex");
}
