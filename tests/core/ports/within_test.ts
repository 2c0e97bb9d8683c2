import assert from "node:assert/strict";
import {
  atMost,
  unlessAborted,
  untilAborted,
  within,
} from "../../../core/ports/within.ts";
import { FakeClock } from "../../fakes.ts";

const late = () => new Error("Too late");

Deno.test("within() gives what the task gives, and leaves no timer behind", async () => {
  const clock = new FakeClock();
  assert.equal(
    await within(clock, 1_000, late, () => Promise.resolve(7)),
    7,
  );
  assert.equal(clock.sleepers, 0);
});

Deno.test("within() throws when the task takes longer, and tells it by its signal", async () => {
  const clock = new FakeClock();
  let told: unknown;
  const done = within(clock, 1_000, late, (signal) => {
    signal.addEventListener("abort", () => told = signal.reason);
    return Promise.withResolvers<never>().promise;
  });
  const failed = assert.rejects(done, /Too late/);
  await clock.advance(1_000);
  await failed;
  assert.match(String(told), /Too late/);
});

Deno.test("within() passes an outer abort on to the task", async () => {
  const clock = new FakeClock();
  const outer = new AbortController();
  const done = within(clock, 1_000, late, (signal) => {
    const { promise, reject } = Promise.withResolvers<never>();
    signal.addEventListener("abort", () => reject(new Error("Stopped")));
    return promise;
  }, outer.signal);
  const failed = assert.rejects(done, /Stopped/);
  outer.abort();
  await failed;
  assert.equal(clock.sleepers, 0);
});

Deno.test("atMost() waits for a promise, but no longer than it is told", async () => {
  const clock = new FakeClock();
  assert.equal(await atMost(clock, 1_000, Promise.resolve(7)), 7);
  const late = atMost(clock, 1_000, Promise.withResolvers().promise);
  await clock.advance(1_000);
  assert.equal(await late, undefined);
  const stop = new AbortController();
  const stopped = atMost(
    clock,
    1_000,
    Promise.withResolvers().promise,
    stop.signal,
  );
  stop.abort();
  assert.equal(await stopped, undefined);
  assert.equal(clock.sleepers, 0);
});

Deno.test("unlessAborted() gives what the promise gives, its failure included", async () => {
  const { signal } = new AbortController();
  assert.equal(await unlessAborted(Promise.resolve(7), signal), 7);
  await assert.rejects(
    unlessAborted(Promise.reject(new Error("Broken")), signal),
    /Broken/,
  );
});

Deno.test("unlessAborted() gives undefined once the signal has aborted, whatever the promise does", async () => {
  const stop = new AbortController();
  const done = unlessAborted(Promise.withResolvers().promise, stop.signal);
  stop.abort();
  assert.equal(await done, undefined);
  const never = Promise.withResolvers().promise;
  assert.equal(await unlessAborted(never, stop.signal), undefined);
});

Deno.test("untilAborted() ends with the signal", async () => {
  const stop = new AbortController();
  const done = untilAborted(stop.signal);
  stop.abort();
  await done;
  await untilAborted(AbortSignal.abort());
});
