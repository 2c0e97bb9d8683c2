import assert from "node:assert/strict";
import { duration } from "../../../core/doctor/duration.ts";

Deno.test("duration() rounds down to what people say", () => {
  const cases: [seconds: number, text: string][] = [
    [0, "0 s"],
    [119, "119 s"],
    [120, "2 min"],
    [7199, "119 min"],
    [7200, "2 h"],
    [26_460, "7 h 21 min"],
    [172_799, "47 h 59 min"],
    [172_800, "2 days"],
  ];
  for (const [seconds, text] of cases) {
    assert.equal(duration(seconds * 1000 + 999), text);
  }
});
