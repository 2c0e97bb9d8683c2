import assert from "node:assert/strict";
import { systemClock } from "../../../adapters/process/clock.ts";

const NEVER = 2 ** 31 - 1;

Deno.test("systemClock.now() is the wall clock", () => {
  const before = Date.now();
  const now = systemClock.now();
  assert.ok(before <= now && now <= Date.now());
});

Deno.test("systemClock.sleep() resolves when the time has passed", async () => {
  await systemClock.sleep(0);
  await systemClock.sleep(1, new AbortController().signal);
});

Deno.test("systemClock.sleep() resolves when its signal aborts, and leaves no timer", async () => {
  const controller = new AbortController();
  const asleep = systemClock.sleep(NEVER, controller.signal);
  controller.abort();
  await asleep;
});

Deno.test("systemClock.sleep() does not sleep when its signal has aborted", async () => {
  await systemClock.sleep(NEVER, AbortSignal.abort());
});
