import assert from "node:assert/strict";
import { findEndpoint } from "../../../core/rds/find_endpoint.ts";
import { cluster, instance } from "../../fake_aws.ts";

Deno.test("findEndpoint() finds by name, in any case and with a final dot", () => {
  const orders = instance("orders");
  const [{ host } = { host: "" }] = orders.endpoints;
  assert.deepEqual(findEndpoint([orders], `${host.toUpperCase()}.`), {
    endpoint: orders.endpoints[0],
    database: orders,
  });
  assert.equal(findEndpoint([orders], `x${host}`), undefined);
});

Deno.test("findEndpoint() takes an instance's cluster of the same region", () => {
  const member = instance("shop-1", { clusterName: "shop" });
  const far = cluster("shop", { region: "us-east-1" });
  const [{ host } = { host: "" }] = member.endpoints;
  assert.equal(findEndpoint([far, member], host)?.database, member);
  const near = cluster("shop");
  const found = findEndpoint([far, near, member], host);
  assert.deepEqual([found?.database, found?.instance], [near, member]);
});
