import assert from "node:assert/strict";
import { Secret } from "../../../core/secret.ts";
import { placeOf, Renewals } from "../../../services/token/renewals.ts";
import { renewalTime } from "../../../services/token/schedule.ts";
import { FakeClock, START } from "../../fakes.ts";

function token(lifeMs: number) {
  return {
    secret: new Secret("t"),
    issuedAt: START,
    expiresAt: START + lifeMs,
  };
}

Deno.test("renewalTime() spreads a thousand targets over steps of ten seconds, minutes 7.5 to 10", () => {
  const perStep = new Map<number, number>();
  for (let index = 0; index < 1_000; index++) {
    const wait = renewalTime(token(900_000), placeOf(`target-${index}`)) -
      START;
    assert.ok(wait >= 450_000 && wait <= 600_000, String(wait));
    perStep.set(wait, (perStep.get(wait) ?? 0) + 1);
  }
  assert.equal(perStep.size, 15);
  for (const [wait, count] of perStep) {
    assert.ok(count > 30 && count < 120, `${count} at ${wait}`);
  }
});

Deno.test("renewalTime() is always the same for a target and token", () => {
  assert.equal(
    renewalTime(token(900_000), placeOf("orders")),
    renewalTime(token(900_000), placeOf("orders")),
  );
});

Deno.test("renewalTime() renews a short-lived token within its life, but never in a busy loop", () => {
  const wait = renewalTime(token(4_000), placeOf("orders")) - START;
  assert.ok(wait >= 2_000 && wait <= 4_000 * 2 / 3, String(wait));
  assert.equal(renewalTime(token(10), placeOf("orders")) - START, 1_000);
});

Deno.test("Renewals waits no longer than it is told for the slowest credentials, and tells of them once they are there", async () => {
  const clock = new FakeClock();
  const slow = Promise.withResolvers<void>();
  const signed: string[] = [];
  const renewals = new Renewals({
    peek: () => undefined,
    async renew({ username }) {
      signed.push(username);
      if (username === "slow") await slow.promise;
      const issuedAt = clock.now();
      const secret = new Secret(username);
      return { secret, issuedAt, expiresAt: issuedAt + 900_000 };
    },
  }, clock);
  renewals.setTargets(["quick", "slow"].map((username) => ({
    name: username,
    target: { host: "h", port: 1, username, region: "eu-west-1" },
  })));
  async function round() {
    const report = renewals.renewDue(5_000);
    await clock.advance(5_000);
    return await report;
  }
  assert.deepEqual(await round(), { renewed: ["quick"], failures: [] });
  assert.ok(renewals.nextAt(clock.now()) > clock.now(), "not asked again");
  assert.deepEqual((await round()).renewed, []);
  slow.resolve();
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(renewals.nextAt(clock.now()), clock.now());
  assert.deepEqual((await round()).renewed, ["slow"]);
  assert.deepEqual(signed, ["quick", "slow"]);
  assert.deepEqual([...renewals.tokens.keys()], ["quick", "slow"]);
});
