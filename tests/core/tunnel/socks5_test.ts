import assert from "node:assert/strict";
import fc from "fast-check";
import { SocksRequest, type SocksStep } from "../../../core/tunnel/socks5.ts";

/** Holds a conversation with a server that has these bytes to say, cut as it likes. */
function converse(
  request: SocksRequest,
  said: Uint8Array,
  cut: () => number,
): { sent: number[]; end: SocksStep; left: number } {
  const sent: number[] = [];
  let at = 0;
  let come = 0;
  const take = (count: number) => {
    if (come - at < count) return undefined;
    at += count;
    return said.subarray(at - count, at);
  };
  for (let turn = 0; turn < 1_000; turn++) {
    const step = request.next(take);
    if (step.kind === "send") sent.push(...step.bytes);
    else if (step.kind === "read") {
      assert.ok(come - at < step.atLeast, "it has what it asks for");
      if (come === said.length) return { sent, end: step, left: 0 };
      come = Math.min(said.length, come + 1 + cut());
    } else return { sent, end: step, left: said.length - at };
  }
  throw new Error("It never ends");
}

const ADDRESS = { host: "db.internal", port: 5432 };
const NAME = [...new TextEncoder().encode(ADDRESS.host)];
const CONNECT = [5, 1, 0, 3, NAME.length, ...NAME, 0x15, 0x38];

Deno.test("a name is asked for, whatever the answer's address and however it is cut", () => {
  const addresses = fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }).map((ip) => [1, ...ip]),
    fc.uint8Array({ minLength: 16, maxLength: 16 }).map((ip) => [4, ...ip]),
    fc.uint8Array({ maxLength: 255 }).map((name) => [3, name.length, ...name]),
  );
  const cuts = fc.infiniteStream(fc.nat(30));
  fc.assert(
    fc.property(addresses, fc.uint8Array(), cuts, (bound, rest, cuts) => {
      const said = Uint8Array.of(5, 0, 5, 0, 0, ...bound, 1, 2, ...rest);
      const { sent, end } = converse(
        new SocksRequest(ADDRESS, undefined),
        said,
        () => cuts.next().value ?? 0,
      );
      assert.deepEqual(end, { kind: "connected" });
      assert.deepEqual(sent, [5, 1, 0, ...CONNECT]);
    }),
  );
});

Deno.test("nothing beyond the answer is taken", () => {
  const said = Uint8Array.of(5, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0, 83);
  const { left } = converse(
    new SocksRequest(ADDRESS, undefined),
    said,
    () => 100,
  );
  assert.equal(left, 1);
});

Deno.test("user and password are given where they are wanted", () => {
  const login = { user: "me", password: "pw" };
  const said = Uint8Array.of(5, 2, 1, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0);
  const { sent, end } = converse(
    new SocksRequest(ADDRESS, login),
    said,
    () => 1,
  );
  assert.deepEqual(end, { kind: "connected" });
  assert.deepEqual(sent, [
    ...[5, 2, 0, 2],
    ...[1, 2, 109, 101, 2, 112, 119],
    ...CONNECT,
  ]);
});

Deno.test("refusals are told apart", () => {
  function reason(...said: number[]) {
    const { end } = converse(
      new SocksRequest(ADDRESS, undefined),
      Uint8Array.of(...said),
      () => 100,
    );
    return end.kind === "failed" ? end.fault.reason : end.kind;
  }
  assert.equal(reason(72, 84, 84, 80), "protocol");
  assert.equal(reason(5, 0xff), "login");
  assert.equal(reason(5, 0, 5, 2, 0, 1, 0, 0, 0, 0, 0, 0), "forbidden");
  assert.equal(reason(5, 0, 5, 5, 0, 1, 0, 0, 0, 0, 0, 0), "target");
  assert.equal(reason(5, 0, 5, 99, 0, 1, 0, 0, 0, 0, 0, 0), "protocol");
  assert.equal(reason(5, 0), "read");
});

Deno.test("any answer ends the conversation or leaves it waiting", () => {
  fc.assert(fc.property(fc.uint8Array(), (said) => {
    converse(new SocksRequest(ADDRESS, undefined), said, () => 7);
  }));
});
