import assert from "node:assert/strict";
import {
  findNotReady,
  waitUntilReady,
} from "../../../services/proxy/readiness.ts";
import { TokenSource } from "../../../services/token/token_source.ts";
import { FakeClock, FakeSigner, fakeTarget, settle } from "../../fakes.ts";

const TARGETS = [
  { name: "one", target: fakeTarget() },
  { name: "two", target: fakeTarget({ username: "other" }) },
];

function prepare() {
  const clock = new FakeClock();
  const signer = new FakeSigner(clock);
  return { clock, signer, tokens: new TokenSource({ signer, clock }) };
}

Deno.test("findNotReady() finds nobody while tokens are good, and signs none anew", async () => {
  const { clock, signer, tokens } = prepare();
  for (let n = 0; n < 3; n++) {
    assert.deepEqual(await findNotReady(TARGETS, tokens, clock), []);
  }
  assert.equal(signer.calls, 2);
  assert.equal(clock.sleepers, 0);
});

Deno.test("findNotReady() names those whose token cannot be signed, and why", async () => {
  const { clock, signer, tokens } = prepare();
  signer.answer = ({ username }) =>
    username === "app"
      ? Promise.resolve(signer.token())
      : Promise.reject(new Error("no"));
  assert.deepEqual(await findNotReady(TARGETS, tokens, clock), [
    { name: "two", error: new Error("no") },
  ]);
});

Deno.test("findNotReady() does not wait for long", async () => {
  const { clock, signer, tokens } = prepare();
  signer.hang();
  const found = findNotReady(TARGETS, tokens, clock);
  await clock.advance(5_000);
  assert.equal((await found).length, 2);
});

Deno.test("waitUntilReady() tells of each failure once, and waits until there is none", async () => {
  const { clock, signer, tokens } = prepare();
  signer.fail();
  const failed: string[] = [];
  let isReady = false;
  waitUntilReady(
    () => TARGETS,
    ({ name }) => failed.push(name),
    { tokens, clock },
    new AbortController().signal,
  ).then(() => isReady = true);
  await clock.advance(10_000);
  assert.deepEqual(failed, ["one", "two"]);
  assert.equal(isReady, false);
  signer.recover();
  await clock.advance(60_000);
  assert.equal(isReady, true);
});

Deno.test("waitUntilReady() stops when it is told to", async () => {
  const { clock, signer, tokens } = prepare();
  signer.fail();
  const stop = new AbortController();
  const waiting = waitUntilReady(
    () => TARGETS,
    () => {},
    { tokens, clock },
    stop.signal,
  );
  await settle();
  stop.abort();
  await waiting;
  assert.equal(clock.sleepers, 0);
});
