import assert from "node:assert/strict";
import { waitUntil } from "../../../services/token/schedule.ts";
import { FakeClock, settle, START } from "../../fakes.ts";

function wait(clock: FakeClock, ms: number, signal?: AbortSignal) {
  const state = { isDone: false };
  const done = waitUntil(clock, () => START + ms, signal)
    .then(() => {
      state.isDone = true;
    });
  return { state, done };
}

Deno.test("waitUntil() waits until the wall clock says so", async () => {
  const clock = new FakeClock();
  const { state, done } = wait(clock, 100_000);
  await clock.advance(99_999);
  assert.equal(state.isDone, false);
  await clock.advance(1);
  await done;
  assert.equal(clock.now(), START + 100_000);
});

Deno.test("waitUntil() does not wait for what has passed", async () => {
  const clock = new FakeClock();
  await wait(clock, 0).done;
  await wait(clock, -1).done;
});

Deno.test("waitUntil() sleeps 15 seconds at most before it looks again", async () => {
  const clock = new FakeClock();
  const { state, done } = wait(clock, 3_600_000);
  await settle();
  clock.jump(3_600_000);
  await clock.advance(14_999);
  assert.equal(state.isDone, false);
  await clock.advance(1);
  await done;
});

Deno.test("waitUntil() ends when the signal aborts", async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const { done } = wait(clock, 100_000, stop.signal);
  await settle();
  stop.abort();
  await done;
  await wait(clock, 100_000, AbortSignal.abort()).done;
  assert.equal(clock.now(), START);
});
