import assert from "node:assert/strict";
import fc from "fast-check";
import { TARGET_NAME } from "../../../core/config/definition.ts";
import { discoveredEndpoints } from "../../../core/rds/discovered.ts";
import type { RdsDatabase } from "../../../core/rds/database.ts";
import { nameEndpoints } from "../../../core/rds/target_names.ts";
import { cluster, instance, proxy } from "../../fake_aws.ts";

function names(
  databases: Parameters<typeof discoveredEndpoints>[0],
  configured: Parameters<typeof nameEndpoints>[1] = [],
  home: string | undefined = "eu-west-1",
) {
  return nameEndpoints(discoveredEndpoints(databases), configured, {
    region: home,
    isOwnAccount: true,
  })
    .map(({ name, isConfigured }) => isConfigured ? `${name}!` : name);
}

/** A database of another region or account, its endpoints' names included. */
function elsewhere<Database extends RdsDatabase>(
  database: Database,
  { region = database.region, account = database.account },
): Database {
  const move = (text: string) =>
    text.replaceAll(database.region, region)
      .replaceAll(database.account, account)
      .replaceAll(
        "abcdefghijkl",
        account === database.account ? "abcdefghijkl" : `of${account}`,
      );
  return {
    ...database,
    region,
    account,
    arn: move(database.arn),
    endpoints: database.endpoints.map((one) => ({
      ...one,
      host: move(one.host),
    })),
  };
}

const US = { region: "us-east-1" };
const OTHER = { account: "222222222222" };

/** What a run saves of these databases: all of them. */
function saved(
  databases: readonly RdsDatabase[],
  before: Parameters<typeof nameEndpoints>[1],
  home?: string,
  isOwnAccount = true,
) {
  const found = nameEndpoints(discoveredEndpoints(databases), before, {
    region: home,
    isOwnAccount,
  });
  return [
    ...before,
    ...found.filter(({ isConfigured }) => !isConfigured).map((
      { name, endpoint: { host } = { host: "" } },
    ) => ({ name, fields: { host } })),
  ];
}

Deno.test("nameEndpoints() tells what has one name apart by kind, and other regions than one's own by their name", () => {
  assert.deepEqual(
    names([
      cluster("shop"),
      instance("shop"),
      proxy("shop"),
      elsewhere(cluster("shop"), US),
      elsewhere(instance("shop"), US),
      elsewhere(instance("alone"), { region: "us-west-2" }),
    ]),
    [
      "shop",
      "shop-reader",
      "shop-instance",
      "shop-proxy",
      "shop-us-east-1",
      "shop-reader-us-east-1",
      "shop-instance-us-east-1",
      "alone-us-west-2",
    ],
  );
});

Deno.test("nameEndpoints() names nothing by its region alone where one's own is not known", () => {
  const found = nameEndpoints(
    discoveredEndpoints([instance("orders")]),
    [],
    { region: undefined, isOwnAccount: true },
  );
  assert.deepEqual(found.map(({ name }) => name), ["orders-eu-west-1"]);
});

Deno.test("nameEndpoints() gives the same names whichever region is saved first", () => {
  const eu = [cluster("orders"), instance("audit")];
  const us = eu.map((one) => elsewhere(one, US));
  for (const home of ["eu-west-1", "us-east-1", "ap-south-1", undefined]) {
    const byName = (runs: readonly (typeof eu)[]) =>
      runs.reduce<ReturnType<typeof saved>>(
        (before, run) => saved(run, before, home),
        [],
      ).map(({ name, fields: { host } }) => `${name} ${host}`).sort();
    assert.deepEqual(byName([eu, us]), byName([us, eu]));
    assert.deepEqual(byName([eu, us]), byName([[...us, ...eu]]));
  }
});

Deno.test("nameEndpoints() gives the same names whichever account is saved first", () => {
  const own = [cluster("orders"), instance("audit")];
  const other = own.map((one) => elsewhere(one, OTHER));
  const third = own.map((one) => elsewhere(one, { account: "333333333333" }));
  const byName = (runs: readonly (typeof own)[]) =>
    runs.reduce<ReturnType<typeof saved>>(
      (before, run) => saved(run, before, "eu-west-1", run === own),
      [],
    ).map(({ name, fields: { host } }) => `${name} ${host}`).sort();
  const expected = byName([own, other, third]);
  assert.deepEqual(byName([third, other, own]), expected);
  assert.deepEqual(byName([other, own, third]), expected);
  assert.ok(expected.some((line) => line.startsWith("orders-222222222222 ")));
});

Deno.test("nameEndpoints() does not mix a database into one of the same name that was saved elsewhere", () => {
  // Only the writer was saved, and what was one's own region then is not any more.
  const [writer] = saved([cluster("orders")], [], "eu-west-1");
  assert.ok(writer);
  assert.deepEqual(
    names([elsewhere(cluster("orders"), US)], [writer], "us-east-1"),
    ["orders-us-east-1", "orders-reader-us-east-1"],
  );
  assert.deepEqual(names([elsewhere(cluster("orders"), OTHER)], [writer]), [
    "orders-222222222222",
    "orders-reader-222222222222",
  ]);
  assert.deepEqual(names([cluster("orders")], [writer]), [
    "orders!",
    "orders-reader",
  ]);
});

Deno.test("nameEndpoints() names both accounts where two have databases of one name", () => {
  assert.deepEqual(
    names([
      instance("orders"),
      instance("audit"),
      elsewhere(instance("orders"), OTHER),
      elsewhere(elsewhere(instance("orders"), OTHER), US),
    ]),
    [
      "orders-123456789012",
      "audit",
      "orders-222222222222",
      "orders-us-east-1",
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
