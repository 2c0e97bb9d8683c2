import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { cluster, instance, proxy } from "../fake_aws.ts";
import { run, skip } from "../programs.ts";
import { AwsQueryServer } from "./server.ts";

const PYTHON = "/usr/bin/python3"; // Debian's, which Debian's botocore is for
const PROGRAM = fileURLToPath(
  new URL("../testdata/botocore_calls.py", import.meta.url),
);

async function hasBotocore(t: Deno.TestContext): Promise<boolean> {
  const { code } = await run(PYTHON, ["-c", "import botocore"])
    .catch(() => ({ code: 1 }));
  if (code !== 0) await skip(t, "python3-botocore is not installed");
  return code === 0;
}

Deno.test("AwsQueryServer answers in the shapes that botocore, an independent client, reads", async (t) => {
  if (!await hasBotocore(t)) return;
  const shop = cluster("shop", {
    members: [{ name: "shop-1", isWriter: true }],
    endpoints: [
      ...cluster("shop").endpoints,
      {
        role: "custom",
        host: "report.cluster-custom-abc.eu-west-1.rds.amazonaws.com",
        port: 5432,
      },
    ],
    global: { name: "world", isWriter: true },
  });
  const orders = instance("orders", { iam: "off" });
  const pool = proxy("pool");
  await using server = new AwsQueryServer([
    orders,
    instance("audit"),
    shop,
    pool,
  ]);
  server.rds.pageSize = 1;
  const { code, output } = await run(PYTHON, [PROGRAM], server.env);
  assert.equal(code, 0, output);
  const found = JSON.parse(output);

  const [first, second] = found.instances;
  assert.equal(second.DBInstanceIdentifier, "audit");
  assert.deepEqual(
    [
      first.DbiResourceId,
      first.Endpoint.Address,
      first.Endpoint.Port,
      first.IAMDatabaseAuthenticationEnabled,
      first.VpcSecurityGroups[0].VpcSecurityGroupId,
      first.DBSubnetGroup.VpcId,
    ],
    [
      orders.resourceId,
      orders.endpoints[0]?.host,
      5432,
      false,
      "sg-1",
      "vpc-1",
    ],
  );
  const [oneCluster] = found.clusters;
  assert.equal(oneCluster.DbClusterResourceId, shop.resourceId);
  assert.equal(oneCluster.IAMDatabaseAuthenticationEnabled, true);
  assert.deepEqual(oneCluster.CustomEndpoints, [shop.endpoints[2]?.host]);
  assert.equal(oneCluster.DBClusterMembers[0].IsClusterWriter, true);
  assert.deepEqual(
    found.clusterEndpoints.map((one: { EndpointType: string }) =>
      one.EndpointType
    ),
    ["WRITER", "READER", "CUSTOM"],
  );
  assert.equal(found.proxies[0].DBProxyArn, pool.arn);
  assert.equal(found.proxies[0].Auth[0].IAMAuth, "REQUIRED");
  assert.equal(found.proxyEndpoints[0].IsDefault, true);
  assert.equal(found.globals[0].GlobalClusterMembers[0].IsWriter, true);
  assert.equal(found.missing, "DBInstanceNotFound");
  assert.deepEqual(found.modified, { IAMDatabaseAuthenticationEnabled: true });
  assert.deepEqual(found.identity, server.sts.caller);
  assert.equal(found.role, "arn:aws:iam::123456789012:role/app");
  assert.equal(found.simulation.EvalDecision, "allowed");
});

Deno.test("AwsQueryServer refuses what is not signed", async () => {
  await using server = new AwsQueryServer();
  const response = await fetch(server.url, {
    method: "POST",
    body: new URLSearchParams({ Action: "DescribeDBInstances" }),
  });
  assert.equal(response.status, 403);
  assert.match(await response.text(), /<Code>MissingAuthenticationToken</);
});
