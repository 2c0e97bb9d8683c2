import assert from "node:assert/strict";
import { RateLimit } from "../../../services/proxy/limits.ts";
import { FakeClock } from "../../fakes.ts";

/** When each of so many passes that come at once, in milliseconds from now; `late` for who is sent away. */
async function passes(perSecond: number, count: number, longestWaitMs = 1e6) {
  const clock = new FakeClock();
  const start = clock.now();
  const pace = new RateLimit(clock, perSecond);
  const times: (number | "late")[] = [];
  for (let n = 0; n < count; n++) {
    pace.pass(longestWaitMs).then((isIn) =>
      times[n] = isIn ? clock.now() - start : "late"
    );
  }
  await clock.advance(10_000);
  return times;
}

Deno.test("RateLimit lets a tenth of a second's allowance pass at once, and the rest in their turn", async () => {
  assert.deepEqual(await passes(40, 7), [0, 0, 0, 0, 25, 50, 75]);
});

Deno.test("RateLimit lets one pass at once however slow it is", async () => {
  assert.deepEqual(await passes(2, 3), [0, 500, 1000]);
});

Deno.test("RateLimit without a limit holds nobody up", async () => {
  assert.deepEqual(await passes(Infinity, 3), [0, 0, 0]);
});

Deno.test("RateLimit sends away at once who would wait too long, and keeps no turn for them", async () => {
  assert.deepEqual(await passes(2, 4, 500), [0, 500, "late", "late"]);
});

Deno.test("RateLimit forgets what was long ago, and a clock that is set back holds nobody up for long", async () => {
  const clock = new FakeClock();
  const pace = new RateLimit(clock, 10);
  for (let n = 0; n < 5; n++) pace.pass(1000);
  await clock.advance(60_000);
  assert.equal(await pace.pass(0), true);
  clock.jump(-3_600_000);
  let isIn = false;
  pace.pass(1000).then((passed) => isIn = passed);
  await clock.advance(1000);
  assert.equal(isIn, true);
});
