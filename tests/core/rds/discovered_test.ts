import assert from "node:assert/strict";
import { discoveredEndpoints } from "../../../core/rds/discovered.ts";
import { cluster, instance, proxy, REGION } from "../../fake_aws.ts";

const DOMAIN = `abcdefghijkl.${REGION}.rds.amazonaws.com`;

Deno.test("discoveredEndpoints() names each endpoint and says what it leads to", () => {
  const shop = cluster("shop", {
    endpoints: [
      ...cluster("shop").endpoints,
      { role: "custom", host: `report.cluster-custom-${DOMAIN}`, port: 5432 },
      {
        role: "global",
        host: "world.global-abc.global.rds.amazonaws.com",
        port: 5432,
      },
    ],
    global: { name: "world", isWriter: true, writerRegion: REGION },
  });
  const pool = proxy("pool", {
    endpoints: [
      ...proxy("pool").endpoints,
      {
        role: "reader",
        name: "pool-ro",
        host: `pool-ro.endpoint.proxy-${DOMAIN}`,
        port: 5432,
      },
    ],
  });
  const found = discoveredEndpoints([
    shop,
    instance("shop-1", { clusterName: "shop", isClusterWriter: true }),
    instance("shop-2", { clusterName: "shop", isClusterWriter: false }),
    instance("shop-3", { clusterName: "gone" }),
    instance("orders"),
    instance("copy", { replicaOf: "orders" }),
    pool,
  ]);
  assert.deepEqual(
    found.map(({ name, word, owner }) => [name, word, owner.resourceId]),
    [
      ["shop", "writer", "cluster-SHOP"],
      ["shop-reader", "reader", "cluster-SHOP"],
      ["report", "custom", "cluster-SHOP"],
      ["world", "global writer", "cluster-SHOP"],
      ["shop-1", "writer instance", "cluster-SHOP"],
      ["shop-2", "reader instance", "cluster-SHOP"],
      ["shop-3", "cluster instance", "db-SHOP-3"],
      ["orders", "instance", "db-ORDERS"],
      ["copy", "replica", "db-COPY"],
      ["pool", "proxy", "prx-pool"],
      ["pool-ro", "proxy reader", "prx-pool"],
    ],
  );
});

Deno.test("discoveredEndpoints() says why one cannot be a target", () => {
  const ledger = instance("ledger", {
    rdsEngine: "oracle-ee",
    engine: undefined,
  });
  const reader = cluster("far", {
    global: { name: "world", isWriter: false, writerRegion: "us-east-1" },
  });
  const custom = cluster("shop", {
    endpoints: [
      { role: "custom", host: `x.cluster-custom-${DOMAIN}`, port: 1 },
    ],
  });
  const found = discoveredEndpoints([
    ledger,
    reader,
    custom,
    instance("new", { endpoints: [], status: "creating" }),
    instance("orders"),
  ]);
  assert.deepEqual(found.map(({ name, obstacle }) => [name, obstacle]), [
    ["ledger", "rdsiam does not know its engine, oracle-ee"],
    ["far", "the writer of global database world is in us-east-1"],
    ["far-reader", undefined],
    [
      "x",
      "no token is valid for a custom endpoint; take the reader or an instance",
    ],
    ["new", "it has no endpoint yet"],
    ["orders", undefined],
  ]);
});
