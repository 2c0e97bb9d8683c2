import assert from "node:assert/strict";
import type { ByteStream } from "../../../core/ports/streams.ts";
import { pipe } from "../../../services/tunnel/pipe.ts";

/** A stream whose other end a test holds. */
class TestStream implements ByteStream {
  readonly #incoming: (Uint8Array | "end" | Error)[] = [];
  #wake: (() => void) | undefined;
  written: number[] = [];
  hasEnd = false;
  isClosed = false;
  /** Holds writes up while it is set. */
  blocked: Promise<void> | undefined;
  reads = 0;

  say(what: Uint8Array | "end" | Error) {
    this.#incoming.push(what);
    this.#wake?.();
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    this.reads++;
    while (this.#incoming.length === 0) {
      if (this.isClosed) throw new Error("closed");
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
    const next = this.#incoming.shift();
    if (next instanceof Error) throw next;
    if (next === "end" || next === undefined) return null;
    buffer.set(next);
    return next.length;
  }

  async write(bytes: Uint8Array): Promise<number> {
    await this.blocked;
    if (this.isClosed) throw new Error("closed");
    const some = bytes.subarray(0, 3); // as a socket that is almost full
    this.written.push(...some);
    return some.length;
  }

  closeWrite(): Promise<void> {
    this.hasEnd = true;
    return Promise.resolve();
  }

  close(): void {
    this.isClosed = true;
    this.#wake?.();
  }
}

function start(check: (bytes: Uint8Array) => void = () => {}) {
  const near = new TestStream();
  const far = new TestStream();
  const stop = new AbortController();
  const ended = pipe(near, far, check, stop.signal);
  return { near, far, stop, ended };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("pipe() carries both ways, and the end of one leaves the other open", async () => {
  const { near, far, ended } = start();
  near.say(Uint8Array.of(1, 2, 3, 4, 5));
  near.say("end");
  await settle();
  assert.deepEqual(far.written, [1, 2, 3, 4, 5]);
  assert.deepEqual([far.hasEnd, far.isClosed], [true, false]);
  far.say(Uint8Array.of(6, 7));
  far.say("end");
  assert.deepEqual(await ended, { fromFar: 2, endedBy: "near" });
  assert.deepEqual(near.written, [6, 7]);
  assert.ok(near.hasEnd && near.isClosed && far.isClosed);
});

Deno.test("pipe() reads nothing more from a side while the other takes nothing", async () => {
  const { near, far, stop, ended } = start();
  const { promise, resolve } = Promise.withResolvers<void>();
  near.blocked = promise;
  for (let count = 0; count < 100; count++) far.say(new Uint8Array(10));
  await settle();
  assert.equal(far.reads, 1);
  resolve();
  await settle();
  assert.equal(near.written.length, 1_000);
  stop.abort();
  assert.deepEqual(await ended, { fromFar: 1_000, endedBy: undefined });
});

Deno.test("pipe() says who broke it, and closes both", async () => {
  const one = start();
  one.far.say(new Error("reset"));
  assert.equal((await one.ended).endedBy, "far");
  assert.ok(one.near.isClosed && one.far.isClosed);
  const other = start();
  other.near.say(new Error("reset"));
  assert.equal((await other.ended).endedBy, "near");
});

Deno.test("pipe() ends with what the check of the first bytes throws", async () => {
  const seen: number[] = [];
  const { near, far, ended } = start((bytes) => {
    seen.push(...bytes);
    throw new Error("a banner");
  });
  far.say(Uint8Array.of(87));
  await assert.rejects(ended, /a banner/);
  assert.deepEqual([seen, near.written], [[87], []]);
  assert.ok(near.isClosed && far.isClosed);
});
