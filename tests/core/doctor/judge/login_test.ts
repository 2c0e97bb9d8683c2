import assert from "node:assert/strict";
import { cluster } from "../../../fake_aws.ts";
import { fakeTarget } from "../../../fakes.ts";
import type { TargetWords } from "../../../../core/doctor/command.ts";
import { judgeRefusal } from "../../../../core/doctor/judge/login.ts";
import type { RdsDatabase } from "../../../../core/rds/database.ts";

const WORDS: TargetWords = { name: "orders", fields: {}, config: undefined };
const TARGET = fakeTarget();

function found(database: RdsDatabase) {
  const [endpoint] = database.endpoints;
  assert.ok(endpoint);
  return { database, endpoint };
}

Deno.test("judgeRefusal() sends to the database's own log where policies allow", () => {
  const finding = judgeRefusal(
    { code: "28000", message: 'PAM authentication failed for user "app"' },
    {
      target: TARGET,
      words: WORDS,
      admin: undefined,
      address: "10.0.0.1",
      database: found(cluster("orders")),
      isAllowed: true,
    },
  );
  assert.ok(finding.status === "failed");
  assert.equal(
    finding.remedy,
    "aws logs tail /aws/rds/cluster/orders/iam-db-auth-error --since 1h --region eu-west-1",
  );
});

Deno.test("judgeRefusal() repeats what RDS Proxy says in its own words", () => {
  const message = "This RDS proxy has no credentials for the role app";
  const finding = judgeRefusal({ code: "28P01", message }, {
    target: TARGET,
    words: WORDS,
    admin: undefined,
    address: "10.0.0.1",
    database: undefined,
    isAllowed: undefined,
  });
  assert.equal(finding.detail, message);
});

Deno.test("judgeRefusal() names a database that is not there as wrong usage", () => {
  const finding = judgeRefusal(
    { code: "3D000", message: 'database "orders" does not exist' },
    {
      target: TARGET,
      words: WORDS,
      admin: [],
      address: "10.0.0.1",
      database: undefined,
      isAllowed: undefined,
    },
  );
  assert.deepEqual(finding, {
    status: "failed",
    kind: "usage",
    detail: 'database "orders" does not exist',
    remedy: "Name the database with --dbname",
    symptom: "refused",
  });
});
