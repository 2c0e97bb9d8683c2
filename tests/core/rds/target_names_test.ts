import assert from "node:assert/strict";
import fc from "fast-check";
import { TARGET_NAME } from "../../../core/config/definition.ts";
import { discoveredEndpoints } from "../../../core/rds/discovered.ts";
import { nameEndpoints } from "../../../core/rds/target_names.ts";
import { cluster, instance, proxy } from "../../fake_aws.ts";

function names(
  databases: Parameters<typeof discoveredEndpoints>[0],
  configured: Parameters<typeof nameEndpoints>[1] = [],
) {
  return nameEndpoints(discoveredEndpoints(databases), configured)
    .map(({ name, isConfigured }) => isConfigured ? `${name}!` : name);
}

Deno.test("nameEndpoints() tells what has one name apart by kind or region", () => {
  const far = { region: "us-east-1" };
  assert.deepEqual(
    names([
      cluster("shop"),
      instance("shop"),
      proxy("shop"),
      instance("shop", far),
      instance("shop", { region: "us-west-2" }),
    ]),
    [
      "shop",
      "shop-reader",
      "shop-instance",
      "shop-proxy",
      "shop-us-east-1",
      "shop-us-west-2",
    ],
  );
});

Deno.test("nameEndpoints() keeps the name that the configuration has, and never takes another's", () => {
  const orders = instance("orders");
  const [{ host } = { host: "" }] = orders.endpoints;
  assert.deepEqual(
    names([orders, instance("audit")], [
      { name: "prod", fields: { host: `${host.toUpperCase()}.` } },
      { name: "audit", fields: { host: "elsewhere" } },
    ]),
    ["prod!", "audit-instance"],
  );
});

Deno.test("nameEndpoints() does not take another port, or the way through a tunnel, for the same", () => {
  const orders = instance("orders");
  const [{ host } = { host: "" }] = orders.endpoints;
  const others = [
    { name: "a", fields: { host, port: "6000" } },
    { name: "b", fields: { host, connect: "127.0.0.1:1" } },
  ];
  assert.deepEqual(names([orders], others), ["orders"]);
  const same = [{ name: "a", fields: { host, port: "5432" } }];
  assert.deepEqual(names([orders], same), ["a!"]);
});

Deno.test("nameEndpoints() gives names that differ and that the configuration takes", () => {
  const name = fc.constantFrom("a", "b", "a-reader", "a-instance", "a-2");
  const region = fc.constantFrom("eu-west-1", "us-east-1");
  const database = fc.tuple(
    fc.constantFrom(instance, cluster, proxy),
    name,
    region,
  ).map(([make, name, region]) => make(name, { region }));
  fc.assert(fc.property(
    fc.array(database, { maxLength: 12 }),
    fc.uniqueArray(name),
    (databases, taken) => {
      const configured = taken.map((name) => ({ name, fields: { host: "x" } }));
      const found = names(databases, configured);
      const all = [...found, ...taken];
      assert.equal(new Set(all).size, all.length);
      for (const one of found) assert.match(one, new RegExp(TARGET_NAME));
    },
  ));
});
