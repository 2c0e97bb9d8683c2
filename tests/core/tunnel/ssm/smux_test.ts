import assert from "node:assert/strict";
import fc from "fast-check";
import { Smux } from "../../../../core/tunnel/ssm/smux.ts";

Deno.test("smux frames are little-endian, and streams odd from 3 on", () => {
  const smux = new Smux();
  assert.deepEqual(smux.open(), {
    stream: 3,
    bytes: Uint8Array.of(1, 0, 0, 0, 3, 0, 0, 0),
  });
  assert.equal(smux.open().stream, 5);
  const [frame] = smux.write(5, Uint8Array.of(7, 8));
  assert.deepEqual(frame, Uint8Array.of(1, 2, 2, 0, 5, 0, 0, 0, 7, 8));
  assert.deepEqual(smux.close(5), Uint8Array.of(1, 1, 0, 0, 5, 0, 0, 0));
});

Deno.test("frames are read however they are cut", () => {
  const parts = fc.array(
    fc.record({
      stream: fc.integer({ min: 1, max: 0xffff_ffff }),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 70_000 }),
    }),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(parts, fc.infiniteStream(fc.nat(20_000)), (parts, cuts) => {
      const writer = new Smux();
      const wire = parts.flatMap(({ stream, bytes }) => [
        ...writer.write(stream, bytes),
        writer.close(stream),
        Uint8Array.of(1, 3, 0, 0, 0, 0, 0, 0), // NOP
      ]);
      const all = new Uint8Array(
        wire.reduce((sum, one) => sum + one.length, 0),
      );
      let at = 0;
      for (const one of wire) {
        all.set(one, at);
        at += one.length;
      }
      const reader = new Smux();
      const events = [];
      for (at = 0; at < all.length;) {
        const count = 1 + (cuts.next().value ?? 0);
        events.push(...reader.receive(all.subarray(at, at + count)));
        at += count;
      }
      const got = parts.map(() => [] as number[]);
      let index = 0;
      for (const event of events) {
        assert.equal(event.stream, parts[index]?.stream);
        if (event.kind === "end") index++;
        else for (const byte of event.bytes) got[index]?.push(byte);
      }
      assert.equal(index, parts.length);
      assert.deepEqual(got, parts.map(({ bytes }) => [...bytes]));
    }),
    { numRuns: 50 },
  );
});

Deno.test("another version of smux is refused", () => {
  assert.throws(
    () => new Smux().receive(Uint8Array.of(2, 0, 0, 0, 3, 0, 0, 0)),
    SyntaxError,
  );
});
