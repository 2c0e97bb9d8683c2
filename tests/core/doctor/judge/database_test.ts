import assert from "node:assert/strict";
import { cluster, instance } from "../../../fake_aws.ts";
import { fakeTarget } from "../../../fakes.ts";
import type { TargetWords } from "../../../../core/doctor/command.ts";
import {
  judgeDatabase,
  unknownDatabase,
} from "../../../../core/doctor/judge/database.ts";
import type { RdsDatabase } from "../../../../core/rds/database.ts";

const WORDS: TargetWords = { name: "orders", fields: {}, config: undefined };
const TARGET = fakeTarget();

function found(database: RdsDatabase) {
  const [endpoint] = database.endpoints;
  assert.ok(endpoint);
  return { database, endpoint };
}

Deno.test("judgeDatabase() says what to do of each state", () => {
  function judge(changes: Partial<RdsDatabase>) {
    const database = { ...instance("orders"), ...changes } as RdsDatabase;
    const finding = judgeDatabase(found(database), TARGET, WORDS);
    return finding.status === "suspect"
      ? [finding.detail, finding.remedy]
      : finding.detail;
  }
  assert.deepEqual(judge({ status: "stopped" }), [
    'instance "orders" is stopped',
    "aws rds start-db-instance --db-instance-identifier orders --region eu-west-1",
  ]);
  assert.deepEqual(judge({ iam: "turning on" }), [
    'IAM authentication is turning on for instance "orders"',
    "Try again in a minute",
  ]);
  assert.deepEqual(judge({ iam: "unsupported" }), [
    'instance "orders" cannot take tokens: postgres knows no IAM authentication',
    undefined,
  ]);
  assert.equal(
    judgeDatabase(found(cluster("orders")), TARGET, WORDS).detail,
    'cluster "orders", aurora-postgresql 16.4, IAM authentication on',
  );
});

Deno.test("unknownDatabase() suggests no database where some could not be seen", () => {
  const databases = [instance("invoices")];
  function judge(host: string, failures: never[] = []) {
    return unknownDatabase(
      { databases, failures },
      fakeTarget({ host }),
      WORDS,
    );
  }
  const near = judge("invoice.zyx.eu-west-1.rds.amazonaws.com");
  assert.ok(near.status === "suspect");
  assert.equal(
    near.remedy,
    "rdsiam doctor orders -h invoices.abcdefghijkl.eu-west-1.rds.amazonaws.com",
  );
  const far = judge("other.zyx.eu-west-1.rds.amazonaws.com");
  assert.ok(far.status === "suspect");
  assert.equal(far.remedy, "rdsiam targets discover --region eu-west-1");
});
