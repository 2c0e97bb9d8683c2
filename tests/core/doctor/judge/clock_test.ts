import assert from "node:assert/strict";
import { START } from "../../../fakes.ts";
import { judgeClock } from "../../../../core/doctor/judge/clock.ts";

Deno.test("judgeClock() forgives seconds, warns of a minute, suspects five", () => {
  function judge(ms: number) {
    const { status, detail } = judgeClock(
      { server: START, local: START + ms },
      "darwin",
    );
    return [status, detail];
  }
  assert.deepEqual(judge(-4_900), ["ok", "agrees with AWS"]);
  assert.deepEqual(judge(30_000), ["ok", "30 s ahead of the time of AWS"]);
  assert.deepEqual(judge(-90_000), ["warning", "90 s behind the time of AWS"]);
  assert.deepEqual(judge(300_000), [
    "suspect",
    "this machine's clock is 5 min ahead of the time of AWS",
  ]);
});
