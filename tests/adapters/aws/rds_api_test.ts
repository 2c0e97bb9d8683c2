import assert from "node:assert/strict";
import { createRdsApi } from "../../../adapters/aws/rds_api.ts";
import { AwsCallError } from "../../../core/aws/call_error.ts";
import type { RdsCluster } from "../../../core/rds/database.ts";
import { Refusal } from "../../aws/refusal.ts";
import { cluster, instance, proxy, REGION } from "../../fake_aws.ts";
import { startAws } from "./caller.ts";

const HOSTS = `abcdefghijkl.${REGION}.rds.amazonaws.com`;

const SHOP: RdsCluster = cluster("shop", {
  iam: "off",
  database: "shop",
  network: { securityGroups: ["sg-2"] },
  masterSecretArn: `arn:aws:secretsmanager:${REGION}:123456789012:secret:shop`,
  members: [
    { name: "shop-1", isWriter: true },
    { name: "shop-2", isWriter: false },
  ],
  endpoints: [
    ...cluster("shop").endpoints,
    { role: "custom", host: `report.cluster-custom-${HOSTS}`, port: 5432 },
  ],
});
const SHOP_1 = instance("shop-1", {
  rdsEngine: "aurora-postgresql",
  clusterName: "shop",
  isClusterWriter: true,
  iam: "off",
});
const SHOP_2 = { ...SHOP_1, ...named("shop-2"), isClusterWriter: false };
const ORDERS = instance("orders", {
  network: { vpcId: "vpc-9", securityGroups: ["sg-1", "sg-2"], isPublic: true },
  iam: "turning on",
});
const POOL = proxy("pool", {
  endpoints: [
    ...proxy("pool").endpoints,
    {
      role: "reader",
      name: "pool-ro",
      host: `pool-ro.endpoint.proxy-${HOSTS}`,
      port: 5432,
    },
  ],
  logins: [
    { username: "app", iam: "required", secretArn: "arn:aws:s:::secret" },
    { iam: "disabled" },
  ],
});

function named(name: string) {
  const { arn, resourceId, endpoints } = instance(name);
  return { name, arn, resourceId, endpoints };
}

async function refusal(promise: Promise<unknown>): Promise<AwsCallError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof AwsCallError) return error;
    throw error;
  }
  return assert.fail("Nothing was thrown");
}

Deno.test("RdsApi.list() reads instances, clusters, proxies and their endpoints, all pages of them", async () => {
  const oracle = instance("ledger", {
    rdsEngine: "oracle-ee",
    engine: undefined,
    iam: "unsupported",
  });
  await using aws = await startAws([
    ORDERS,
    POOL,
    SHOP_2,
    oracle,
    SHOP_1,
    SHOP,
  ]);
  aws.server.rds.pageSize = 1;
  aws.server.rds.readsUntilOn = 100;
  const found = await createRdsApi(aws.caller).list(REGION);
  assert.deepEqual(found, {
    region: REGION,
    databases: [
      // A cluster is in the VPC of its instances.
      { ...SHOP, network: { ...SHOP.network, vpcId: "vpc-1" } },
      SHOP_1,
      SHOP_2,
      oracle,
      ORDERS,
      POOL,
    ],
    failures: [],
  });
  const pages = aws.server.calls.filter(({ action }) =>
    action === "DescribeDBInstances"
  );
  assert.equal(pages.length, 4);
});

Deno.test("docs/aws.md has the permissions that RdsApi.list() takes, and no other", async () => {
  await using aws = await startAws();
  await createRdsApi(aws.caller).list(REGION);
  const page = new URL("../../../docs/aws.md", import.meta.url);
  const [, policy = ""] = (await Deno.readTextFile(page)).split("```json");
  const [{ Action: actions }] = JSON.parse(policy.split("```")[0] ?? "")
    .Statement;
  const called = aws.server.calls.map(({ name }) => name);
  assert.deepEqual(actions.toSorted(), called.toSorted());
});

Deno.test("RdsApi.list() leaves out what the same API tells of DocumentDB and Neptune", async () => {
  await using aws = await startAws([
    cluster("papers", { rdsEngine: "docdb", engine: undefined }),
    cluster("graph", { rdsEngine: "neptune", engine: undefined }),
  ]);
  const { databases } = await createRdsApi(aws.caller).list(REGION);
  assert.deepEqual(databases, []);
});

Deno.test("RdsApi.list() tells of a denied call and shows the rest", async () => {
  await using aws = await startAws([ORDERS, POOL]);
  aws.server.deny("rds:DescribeDBProxies");
  const { databases, failures } = await createRdsApi(aws.caller).list(REGION);
  assert.deepEqual(databases.map(({ name }) => name), ["orders"]);
  assert.equal(failures.length, 1);
  const [failure] = failures;
  assert.deepEqual(
    [failure?.action, failure?.refusal, failure?.code, failure?.kind],
    ["rds:DescribeDBProxies", "denied", "AccessDenied", "credentials"],
  );
  assert.equal(
    failure?.message,
    "AWS does not let arn:aws:sts::123456789012:assumed-role/app/session call rds:DescribeDBProxies in eu-west-1: " +
      "no identity-based policy allows the rds:DescribeDBProxies action",
  );
  assert.equal(
    failure?.hint,
    "Ask who administers the account to allow rds:DescribeDBProxies, or pass --profile of an identity that may",
  );
});

Deno.test("RdsApi.list() takes a region without proxies for one that has none", async () => {
  await using aws = await startAws([ORDERS]);
  aws.server.refuse(
    "rds:DescribeDBProxies",
    new Refusal("InvalidAction", "Could not find operation DescribeDBProxies"),
  );
  const { failures } = await createRdsApi(aws.caller).list(REGION);
  assert.deepEqual(failures, []);
});

Deno.test("RdsApi.list() tries again what is throttled, and says so when it stays so", async () => {
  await using aws = await startAws([ORDERS]);
  aws.server.throttle("rds:DescribeDBInstances", 1);
  const api = createRdsApi(aws.caller);
  assert.deepEqual((await api.list(REGION)).failures, []);
  aws.server.throttle("rds:DescribeDBInstances", Infinity);
  const { failures: [failure] } = await api.list(REGION);
  assert.deepEqual([failure?.refusal, failure?.code], [
    "throttled",
    "Throttling",
  ]);
});

Deno.test("RdsApi.list() says which regions a global database is in, and which is written to", async () => {
  const writer = cluster("world-eu", {
    global: { name: "world", isWriter: true, writerRegion: REGION },
    endpoints: [
      ...cluster("world-eu").endpoints,
      {
        role: "global",
        host: "world.global-abcdefghijkl.global.rds.amazonaws.com",
        port: 5432,
      },
    ],
  });
  const reader = cluster("world-us", {
    region: "us-east-1",
    arn: "arn:aws:rds:us-east-1:123456789012:cluster:world-us",
    global: { name: "world", isWriter: false, writerRegion: REGION },
  });
  await using aws = await startAws([writer, reader]);
  const api = createRdsApi(aws.caller);
  assert.deepEqual((await api.list(REGION)).databases, [writer]);
  assert.deepEqual((await api.list("us-east-1")).databases, [reader]);
  const host = "world.global-abcdefghijkl.global.rds.amazonaws.com";
  const found = await api.find(host, "us-east-1");
  assert.deepEqual(found?.database, writer);
  assert.equal(found?.endpoint.role, "global");
});

Deno.test("RdsApi.find() finds the database of every kind of endpoint", async () => {
  await using aws = await startAws([ORDERS, SHOP, SHOP_1, SHOP_2, POOL]);
  const api = createRdsApi(aws.caller);
  async function found(host: string) {
    const { database, endpoint, instance } = await api.find(host, REGION) ?? {};
    return [database?.name, endpoint?.role, instance?.name];
  }
  assert.deepEqual(await found(`orders.${HOSTS}`), [
    "orders",
    "instance",
    undefined,
  ]);
  assert.deepEqual(await found(`Shop-2.${HOSTS}.`), [
    "shop",
    "instance",
    "shop-2",
  ]);
  for (const [role, label] of [["writer", ""], ["reader", "-ro"]]) {
    assert.deepEqual(await found(`shop.cluster${label}-${HOSTS}`), [
      "shop",
      role,
      undefined,
    ]);
  }
  assert.deepEqual(await found(`report.cluster-custom-${HOSTS}`), [
    "shop",
    "custom",
    undefined,
  ]);
  assert.deepEqual(await found(`pool.proxy-${HOSTS}`), [
    "pool",
    "writer",
    undefined,
  ]);
  assert.deepEqual(await found(`pool-ro.endpoint.proxy-${HOSTS}`), [
    "pool",
    "reader",
    undefined,
  ]);
});

Deno.test("RdsApi.find() does not take a database of the same name, or of another account, for it", async () => {
  await using aws = await startAws([ORDERS]);
  const api = createRdsApi(aws.caller);
  const other = `orders.zyxwvutsrqpo.${REGION}.rds.amazonaws.com`;
  assert.equal(await api.find(other, REGION), undefined);
  assert.equal(await api.find(`nowhere.${HOSTS}`, REGION), undefined);
  assert.equal(await api.find("db.example.com", REGION), undefined);
});

Deno.test("RdsApi.turnOnIam() asks for it at once, and read() sees it come", async () => {
  const orders = instance("orders", { iam: "off" });
  await using aws = await startAws([orders, SHOP]);
  aws.server.rds.readsUntilOn = 2;
  const api = createRdsApi(aws.caller);
  await api.turnOnIam(orders);
  const { parameters } = aws.server.calls.at(-1) ?? {};
  assert.equal(parameters?.get("ApplyImmediately"), "true");
  const states = [];
  for (let time = 0; time < 3; time++) {
    states.push((await api.read(orders))?.iam);
  }
  assert.deepEqual(states, ["turning on", "turning on", "on"]);
  await api.turnOnIam(SHOP);
  assert.equal((await api.read(SHOP))?.iam, "turning on");
  assert.equal(await api.read(instance("gone")), undefined);
});

Deno.test("RdsApi.turnOnIam() passes on what AWS says against it", async () => {
  const orders = instance("orders", { iam: "off", status: "stopped" });
  await using aws = await startAws([orders]);
  const error = await refusal(createRdsApi(aws.caller).turnOnIam(orders));
  assert.equal(
    error.message,
    "AWS refused rds:ModifyDBInstance in eu-west-1: DBInstance orders is not in available state (InvalidDBInstanceStateFault)",
  );
});

Deno.test("RdsApi.find() says that credentials are expired, unknown, or sign wrongly", async () => {
  await using aws = await startAws([ORDERS]);
  const api = createRdsApi(aws.caller);
  async function message(code: string, text: string) {
    aws.server.refuse("rds:DescribeDBInstances", new Refusal(code, text, 403));
    const { kind, message, hint } = await refusal(
      api.find(`orders.${HOSTS}`, REGION),
    );
    return [kind, message, hint];
  }
  assert.deepEqual(
    await message("ExpiredToken", "The security token is expired"),
    [
      "credentials",
      "AWS refused the credentials in eu-west-1: The security token is expired",
      "Sign in again, or take expired AWS_* variables out of the environment; a region may have to be enabled for the account",
    ],
  );
  assert.deepEqual(
    await message(
      "SignatureDoesNotMatch",
      "Signature expired: 20260115T120000Z is now earlier than 20260115T130000Z",
    ),
    [
      "credentials",
      "AWS refused the signature of rds:DescribeDBInstances in eu-west-1: Signature expired: 20260115T120000Z is now earlier than 20260115T130000Z",
      "Set this machine's clock",
    ],
  );
});

Deno.test("RdsApi.find() gives up when its signal says so, and names the call when that was its deadline", async () => {
  await using aws = await startAws([ORDERS]);
  aws.server.hang("rds:DescribeDBInstances");
  const api = createRdsApi(aws.caller);
  const host = `orders.${HOSTS}`;
  const timeout = new DOMException("too slow", "TimeoutError");
  const error = await refusal(
    api.find(host, REGION, AbortSignal.abort(timeout)),
  );
  assert.deepEqual([error.kind, error.message], [
    "unreachable",
    "AWS cannot be reached for rds:DescribeDBInstances in eu-west-1: no answer in time",
  ]);
  const stop = new AbortController();
  const stopped = assert.rejects(
    api.find(host, REGION, stop.signal),
    (reason) => reason === "stopped",
  );
  stop.abort("stopped");
  await stopped;
});

Deno.test("RdsApi.find() says that AWS cannot be reached", async () => {
  await using aws = await startAws([], {
    AWS_ENDPOINT_URL: "http://127.0.0.1:1",
    AWS_MAX_ATTEMPTS: "1",
  });
  const error = await refusal(
    createRdsApi(aws.caller).find(`orders.${HOSTS}`, REGION),
  );
  assert.deepEqual([error.refusal, error.message], [
    "unreachable",
    "AWS cannot be reached for rds:DescribeDBInstances in eu-west-1: ECONNREFUSED",
  ]);
});
