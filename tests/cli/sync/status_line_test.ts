import assert from "node:assert/strict";
import fc from "fast-check";
import { formatStatus } from "../../../cli/sync/status_line.ts";
import { StatusLine } from "../../../cli/frame/status_line.ts";
import { timeLeft } from "../../../cli/sync/time_left.ts";
import { FakeOutput, START } from "../../fakes.ts";

function target(name: string, seconds?: number, isFailing = false) {
  const expiresAt = seconds === undefined ? undefined : START + seconds * 1000;
  return { name, expiresAt, isFailing };
}

Deno.test("timeLeft() counts minutes and seconds down to expired", () => {
  assert.equal(timeLeft(START + 845_000, START), "14:05");
  assert.equal(timeLeft(START + 900, START), "0:01");
  assert.equal(timeLeft(START, START), "expired");
});

Deno.test("formatStatus() shows the time left of each target, those in trouble first", () => {
  const line = formatStatus(
    [target("orders", 600), target("billing", 65), target("audit", 700, true)],
    START,
    80,
  );
  assert.equal(
    line,
    "audit 11:40 (cannot renew) · billing 1:05 · orders 10:00",
  );
});

Deno.test("formatStatus() says of a target without a token that it has none", () => {
  assert.equal(formatStatus([target("orders")], START, 80), "orders none");
});

Deno.test("formatStatus() counts the targets that have no room", () => {
  const targets = Array.from(
    { length: 10 },
    (_, i) => target(`orders-${i}`, 600 + i),
  );
  assert.equal(
    formatStatus(targets, START, 40),
    "orders-0 10:00 · +9 more",
  );
  assert.equal(formatStatus(targets, START, 16), "10 targets");
});

Deno.test("formatStatus() is always shorter than the terminal is wide", () => {
  fc.assert(fc.property(
    fc.array(fc.tuple(fc.string(), fc.option(fc.nat(900), { nil: undefined }))),
    fc.integer({ min: 1, max: 120 }),
    (targets, width) => {
      const line = formatStatus(
        targets.map(([name, seconds]) => target(name, seconds)),
        START,
        width,
      );
      assert.ok(line.length < width, `${line.length} of ${width}`);
    },
  ));
});

Deno.test("StatusLine redraws its line, and clears it once", () => {
  const output = new FakeOutput();
  const line = new StatusLine(output);
  line.clear();
  line.draw("a");
  line.draw("b");
  line.clear();
  line.clear();
  assert.equal(output.text, "\r\x1b[Ka\r\x1b[Kb\r\x1b[K");
});
