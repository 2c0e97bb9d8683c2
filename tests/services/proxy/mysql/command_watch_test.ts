import assert from "node:assert/strict";
import fc from "fast-check";
import { CHANGE_USER } from "../../../../core/mysqlwire/change_user.ts";
import { encodePacket } from "../../../../core/mysqlwire/packet.ts";
import type { ByteStream } from "../../../../core/ports/streams.ts";
import { Connection } from "../../../../services/connection/connection.ts";
import { CommandWatch } from "../../../../services/proxy/mysql/command_watch.ts";
import { settle } from "../../../fakes.ts";

/** A connection that says these chunks, and remembers what it is told. */
function speaker(chunks: readonly Uint8Array[]) {
  const left = [...chunks];
  const heard: number[] = [];
  const stream: ByteStream = {
    read(buffer) {
      const chunk = left.shift();
      if (chunk === undefined) return Promise.resolve(null);
      const part = chunk.subarray(0, buffer.length);
      buffer.set(part);
      if (part.length < chunk.length) left.unshift(chunk.subarray(part.length));
      return Promise.resolve(part.length);
    },
    write(bytes) {
      heard.push(...bytes);
      return Promise.resolve(bytes.length);
    },
    closeWrite: () => Promise.resolve(),
    close() {},
  };
  return { connection: new Connection({ stream }), heard };
}

/** Bytes in pieces of these sizes. */
function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (const size of [...sizes, bytes.length]) {
    if (at < bytes.length) chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

async function readAll(watch: CommandWatch, size: number): Promise<number[]> {
  const buffer = new Uint8Array(size);
  const all: number[] = [];
  for (let count; (count = await watch.read(buffer)) !== null;) {
    all.push(...buffer.subarray(0, count));
  }
  return all;
}

/** Commands and what follows them; a change of users is told by its byte at the beginning of an exchange alone. */
const packets = fc.array(
  fc.record({
    sequence: fc.constantFrom(0, 0, 0, 1, 2),
    body: fc.uint8Array({ maxLength: 400 }),
    isChange: fc.boolean(),
  }),
  { maxLength: 8 },
).map((all) =>
  all.map(({ sequence, body, isChange }) => {
    const begins = sequence === 0 && isChange;
    const first = begins ? [CHANGE_USER] : body.length > 0 ? [3] : [];
    return { sequence, body: Uint8Array.of(...first, ...body), begins };
  })
);

Deno.test("CommandWatch takes changes of users out, and nothing else, however the bytes arrive", async () => {
  await fc.assert(
    fc.asyncProperty(
      packets,
      fc.array(fc.integer({ min: 1, max: 120 })),
      fc.integer({ min: 8, max: 300 }),
      async (sent, sizes, bufferSize) => {
        const encode = (all: typeof sent) =>
          all.flatMap((
            { sequence, body },
          ) => [...encodePacket(sequence, body)]);
        const client = speaker(cut(Uint8Array.from(encode(sent)), sizes));
        const changes: number[][] = [];
        const watch = new CommandWatch(
          client.connection,
          speaker([]).connection,
          async (exchange) => {
            changes.push([...await exchange.client.read() ?? []]);
            return true;
          },
          new Uint8Array(),
        );
        const passed = await readAll(watch, bufferSize);
        assert.deepEqual(passed, encode(sent.filter(({ begins }) => !begins)));
        assert.deepEqual(
          changes,
          sent.filter(({ begins }) => begins).map(({ body }) => [...body]),
        );
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("CommandWatch gives the exchange what the database says, and the client nothing of it", async () => {
  const client = speaker([
    encodePacket(0, Uint8Array.of(CHANGE_USER, 1)),
    encodePacket(0, Uint8Array.of(3, 2)),
  ]);
  const upstream = speaker([]);
  const watch: CommandWatch = new CommandWatch(
    client.connection,
    upstream.connection,
    async (exchange) => {
      await exchange.client.read();
      await exchange.upstream.write(Uint8Array.of(CHANGE_USER, 9));
      const answer = exchange.upstream.read();
      await watch.write(encodePacket(1, Uint8Array.of(0, 7)));
      assert.deepEqual([...await answer ?? []], [0, 7]);
      await exchange.client.write(Uint8Array.of(0, 8));
      return true;
    },
    new Uint8Array(),
  );
  assert.deepEqual(await readAll(watch, 256), [2, 0, 0, 0, 3, 2]);
  assert.deepEqual(upstream.heard, [2, 0, 0, 0, CHANGE_USER, 9]);
  assert.deepEqual(client.heard, [2, 0, 0, 1, 0, 8]);
  await watch.write(Uint8Array.of(1, 2, 3));
  assert.deepEqual(client.heard.slice(-3), [1, 2, 3]);
});

Deno.test("CommandWatch knows which packet the client waits for, until some of the answer has come", async () => {
  const { connection } = speaker([
    encodePacket(0, Uint8Array.of(3, 2)),
    encodePacket(4, Uint8Array.of(1)),
  ]);
  const watch = new CommandWatch(
    ...[connection, connection] as const,
    () => Promise.resolve(true),
    new Uint8Array(),
  );
  assert.equal(watch.awaited, undefined);
  await watch.read(new Uint8Array(64));
  assert.equal(watch.awaited, 1);
  await watch.write(Uint8Array.of(1));
  assert.equal(watch.awaited, undefined);
  await watch.read(new Uint8Array(64));
  assert.equal(watch.awaited, 5);
});

Deno.test("CommandWatch takes no answer of the database before the last one was taken, and leaves none waiting", async () => {
  const change = encodePacket(0, Uint8Array.of(CHANGE_USER));
  const upstream = speaker([]);
  const written: number[] = [];
  const watch: CommandWatch = new CommandWatch(
    speaker([change]).connection,
    upstream.connection,
    async (exchange) => {
      await exchange.client.read();
      for (const nth of [1, 2]) {
        const writing = watch.write(encodePacket(nth, Uint8Array.of(nth)))
          .then(() => written.push(nth));
        await settle();
        assert.equal(written.length, nth - 1);
        assert.deepEqual([...await exchange.upstream.read() ?? []], [nth]);
        await writing;
      }
      watch.write(encodePacket(3, Uint8Array.of(3))).then((count) =>
        written.push(count)
      );
      return true;
    },
    new Uint8Array(),
  );
  assert.deepEqual(await readAll(watch, 64), []);
  await settle();
  assert.deepEqual(written, [1, 2, 5]);
});

Deno.test("CommandWatch ends the session when the exchange says so, and lets everything by without one", async () => {
  const change = encodePacket(0, Uint8Array.of(CHANGE_USER));
  const { connection } = speaker([change, change]);
  const ending = new CommandWatch(
    ...[connection, connection] as const,
    () => Promise.resolve(false),
    new Uint8Array(),
  );
  assert.equal(await ending.read(new Uint8Array(64)), null);
  const open = new CommandWatch(
    speaker([change]).connection,
    connection,
    undefined,
    Uint8Array.of(1),
  );
  assert.deepEqual(await readAll(open, 64), [1, ...change]);
});
