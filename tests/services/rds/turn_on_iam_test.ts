import assert from "node:assert/strict";
import { AwsCallError } from "../../../core/aws/call_error.ts";
import type { RdsApi } from "../../../core/rds/rds_api.ts";
import type { RdsDatabase } from "../../../core/rds/database.ts";
import { turnOnIam } from "../../../services/rds/turn_on_iam.ts";
import { cluster, denied, FakeRds, instance } from "../../fake_aws.ts";
import { FakeClock } from "../../fakes.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";

const MINUTE = 60_000;

function start(rds: RdsApi, database = instance("orders", { iam: "off" })) {
  const clock = new FakeClock();
  const stop = new AbortController();
  const told: string[] = [];
  const done = turnOnIam({ kind: "turn on", database }, {
    rds,
    clock,
    signal: stop.signal,
    tell: (message) => void told.push(message),
  });
  done.catch(() => {}); // it is looked at later
  return { clock, stop, told, done };
}

/** RDS whose answers to `read` come one after the other, the last one for ever. */
function answering(...answers: (RdsDatabase | AwsCallError | undefined)[]) {
  const rds = new FakeRds([]);
  let next = 0;
  // deno-lint-ignore require-await
  rds.read = async () => {
    const answer = answers[Math.min(next++, answers.length - 1)];
    if (answer instanceof AwsCallError) throw answer;
    return answer;
  };
  return rds;
}

Deno.test("turnOnIam() turns it on once, and waits until RDS says that it is", async () => {
  const database = instance("orders", { iam: "off" });
  const rds = new FakeRds([database]);
  rds.readsUntilOn = 3;
  const { clock, told, done } = start(rds, database);
  await clock.advance(MINUTE);
  await done;
  assert.deepEqual(rds.calls, [
    `turnOnIam ${database.arn}`,
    ...Array(3).fill(`read ${database.arn}`),
  ]);
  assert.deepEqual(told, [
    'instance "orders": RDS turns IAM authentication on; this takes minutes',
    'instance "orders": available',
    'instance "orders": IAM authentication is on',
  ]);
});

Deno.test("turnOnIam() waits on while RDS still configures it, and tells each status once", async () => {
  const orders = instance("orders");
  const status = "configuring-iam-database-auth";
  const { clock, told, done } = start(answering(
    { ...orders, iam: "off" }, // RDS forgets for a moment what it was told
    { ...orders, iam: "turning on", status: "modifying" },
    { ...orders, iam: "turning on", status: "modifying" },
    { ...orders, status },
    orders,
  ));
  await clock.advance(MINUTE);
  await done;
  assert.deepEqual(told.slice(1), [
    'instance "orders": available',
    'instance "orders": modifying',
    `instance "orders": ${status}`,
    'instance "orders": IAM authentication is on',
  ]);
});

Deno.test("turnOnIam() outlasts answers that do not come, and no others", async () => {
  const throttled = new AwsCallError("rds:X", "throttled", "Too many");
  const away = new AwsCallError("rds:X", "unreachable", "Away");
  const waiting = start(answering(throttled, away, instance("orders")));
  await waiting.clock.advance(MINUTE);
  await waiting.done;
  const { done } = start(answering(denied("rds:DescribeDBInstances")));
  await assertRefusesLater(done, {
    kind: "credentials",
    message: "AWS denied rds:DescribeDBInstances",
  });
});

Deno.test("turnOnIam() ends after 15 minutes, or when it is told to, and says what goes on", async () => {
  const never = answering(cluster("orders", { iam: "turning on" }));
  const slow = start(never);
  await slow.clock.advance(16 * MINUTE);
  const hint = "RDS goes on with it: run the same again to wait for it";
  await assertRefusesLater(slow.done, {
    kind: "failed",
    message:
      'IAM authentication of instance "orders" is not known to be on: it is not on after 15 minutes',
    hint,
  });
  const stopped = start(never);
  await stopped.clock.advance(MINUTE);
  stopped.stop.abort();
  await assertRefusesLater(stopped.done, {
    kind: "failed",
    message:
      'IAM authentication of instance "orders" is not known to be on: the waiting was ended',
    hint,
  });
});

Deno.test("turnOnIam() says when the database is gone", async () => {
  await assertRefusesLater(start(answering(undefined)).done, {
    kind: "failed",
    message:
      'IAM authentication of instance "orders" was not turned on: it is gone',
  });
});

Deno.test("turnOnIam() tells RDS nothing that it knows", async () => {
  const rds = answering(instance("orders"));
  const clock = new FakeClock();
  const ports = {
    rds,
    clock,
    signal: new AbortController().signal,
    tell: () => {},
  };
  await turnOnIam({ kind: "none" }, ports);
  await turnOnIam({ kind: "wait", database: instance("orders") }, ports);
  assert.deepEqual(rds.calls, []);
});
