import assert from "node:assert/strict";
import type { RdsDatabase } from "../../../core/rds/database.ts";
import { planIamChange } from "../../../core/rds/iam_change.ts";
import { cluster, instance, proxy } from "../../fake_aws.ts";
import { assertRefuses } from "../../rdsiam_error.ts";

Deno.test("planIamChange() turns it on where it is off, instances and clusters", () => {
  for (
    const database of [
      instance("orders", { iam: "off" }),
      instance("replica", { iam: "off", replicaOf: "orders" }),
      cluster("orders", { iam: "off" }),
    ]
  ) {
    assert.deepEqual(planIamChange(database), { kind: "turn on", database });
  }
});

Deno.test("planIamChange() changes nothing where it is on, and waits where it is on its way", () => {
  for (const make of [instance, cluster, proxy]) {
    assert.deepEqual(planIamChange(make("orders")), { kind: "none" });
  }
  const database = instance("orders", { iam: "turning on" });
  assert.deepEqual(planIamChange(database), { kind: "wait", database });
});

Deno.test("planIamChange() says why it cannot be turned on, and what to do", () => {
  const rows: [RdsDatabase, why: string, hint: string][] = [
    [
      instance("erp", { iam: "unsupported", rdsEngine: "oracle-ee" }),
      'instance "erp" cannot be turned on: its engine, oracle-ee, has no IAM authentication',
      "PostgreSQL, MySQL and MariaDB do, on RDS and Aurora",
    ],
    [
      proxy("pool", { iam: "off" }),
      'proxy "pool" cannot be turned on: a proxy has it for each of its logins',
      "Set it to REQUIRED where the login's secret is named: aws rds modify-db-proxy --db-proxy-name pool --region eu-west-1 --auth …",
    ],
    [
      instance("orders-1", { iam: "off", clusterName: "orders" }),
      'instance "orders-1" cannot be turned on: that is for its cluster "orders" to say, which cannot be seen',
      "Let your AWS identity call rds:DescribeDBClusters",
    ],
    [
      instance("orders", { iam: "turning off" }),
      'instance "orders" cannot be turned on: it is being turned off',
      "Wait until that is done",
    ],
    [
      cluster("orders", { iam: "off", status: "stopped" }),
      'cluster "orders" cannot be turned on: its status is "stopped"',
      "Start it first",
    ],
  ];
  for (const [database, why, hint] of rows) {
    assertRefuses(() => planIamChange(database), {
      kind: "failed",
      message: `IAM authentication of ${why}`,
      hint,
    });
  }
});
