import assert from "node:assert/strict";
import { RdsiamError } from "../../../core/errors.ts";
import type { RdsDatabase } from "../../../core/rds/database.ts";
import { discoveredEndpoints } from "../../../core/rds/discovered.ts";
import { newTarget } from "../../../core/rds/new_target.ts";
import { nameEndpoints } from "../../../core/rds/target_names.ts";
import { cluster, instance, proxy } from "../../fake_aws.ts";

function targetsOf(database: RdsDatabase, settings = {}) {
  return nameEndpoints(discoveredEndpoints([database]), [], {
    region: database.region,
    isOwnAccount: true,
  })
    .map((one) => newTarget(one, settings));
}

Deno.test("newTarget() writes where it is and who administers it", () => {
  const orders = instance("orders", {
    database: "shop",
    endpoints: [{ role: "instance", host: "h", port: 6000 }],
  });
  const settings = { username: "app", profile: "prod", roleArn: "arn" };
  assert.deepEqual(targetsOf(orders, settings), [{
    name: "orders",
    fields: {
      host: "h",
      port: "6000",
      dbname: "shop",
      username: "app",
      profile: "prod",
      region: "eu-west-1", // which a name that is none of RDS does not hold
      roleArn: "arn",
    },
    admin: { username: "postgres" },
  }]);
});

Deno.test("newTarget() takes PostgreSQL's own database where none was made, and none of MySQL", () => {
  const [orders] = targetsOf(instance("orders"));
  assert.equal(orders?.fields.dbname, "postgres");
  const [mysql] = targetsOf(
    instance("m", {
      engine: "mysql",
      endpoints: [{ role: "instance", host: "h", port: 3306 }],
    }),
  );
  assert.deepEqual(mysql?.fields, {
    host: "h",
    region: "eu-west-1",
    engine: "mysql",
  });
});

Deno.test("newTarget() names no administrator where nothing can be written or a proxy stands between", () => {
  const [writer, reader] = targetsOf(cluster("shop"));
  assert.deepEqual(
    [writer?.admin, reader?.admin],
    [{ username: "postgres" }, undefined],
  );
  for (
    const one of [
      instance("copy", { replicaOf: "orders" }),
      proxy("pool", { masterUsername: "postgres" }),
    ]
  ) assert.equal(targetsOf(one)[0]?.admin, undefined);
});

Deno.test("newTarget() names the region of a global database's writer", () => {
  const host = "world.global-abc.global.rds.amazonaws.com";
  const world = cluster("shop", {
    endpoints: [{ role: "global", host, port: 5432 }],
  });
  assert.equal(targetsOf(world)[0]?.fields.region, "eu-west-1");
  assert.equal(targetsOf(cluster("shop"))[0]?.fields.region, undefined);
});

Deno.test("newTarget() refuses what rdsiam does not know", () => {
  assert.throws(
    () => targetsOf(instance("x", { engine: undefined, rdsEngine: "db2-se" })),
    (error) =>
      error instanceof RdsiamError && error.kind === "usage" &&
      error.message ===
        '"x" cannot be saved: rdsiam does not know its engine, db2-se',
  );
});
