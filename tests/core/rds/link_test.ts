import assert from "node:assert/strict";
import { linkDatabases } from "../../../core/rds/link.ts";
import { cluster, instance, proxy } from "../../fake_aws.ts";

const NOTHING = { instances: [], clusters: [], proxies: [], globals: [] };

Deno.test("linkDatabases() puts instances after their cluster, whose IAM authentication is theirs", () => {
  const shop = cluster("shop", {
    members: [{ name: "b", isWriter: true }, { name: "a", isWriter: false }],
  });
  const found = linkDatabases({
    ...NOTHING,
    instances: [
      instance("z"),
      instance("b", { clusterName: "shop", iam: "off" }),
      instance("a", { clusterName: "shop", iam: "off" }),
      instance("new", { clusterName: "shop" }),
    ],
    clusters: [shop],
    proxies: [proxy("pool")],
  });
  assert.deepEqual(
    found.map((one) => [
      one.name,
      one.iam,
      one.kind === "instance" ? one.isClusterWriter : "-",
    ]),
    [
      ["shop", "on", "-"],
      ["a", "on", false],
      ["b", "on", true],
      ["new", "on", undefined],
      ["z", "on", undefined],
      ["pool", "on", "-"],
    ],
  );
});

Deno.test("linkDatabases() keeps instances whose cluster could not be read", () => {
  const lonely = instance("b", { clusterName: "shop", iam: "off" });
  assert.deepEqual(linkDatabases({ ...NOTHING, instances: [lonely] }), [
    lonely,
  ]);
});

Deno.test("linkDatabases() gives a global database's endpoint to the cluster that is written to", () => {
  const shop = cluster("shop");
  const other = "arn:aws:rds:us-east-1:123456789012:cluster:shop";
  const host = "world.global-abc.global.rds.amazonaws.com";
  function link(isWriter: boolean) {
    const globals = [{
      name: "world",
      host,
      members: [
        { clusterArn: shop.arn, isWriter },
        { clusterArn: other, isWriter: !isWriter },
      ],
    }];
    const [one] = linkDatabases({ ...NOTHING, clusters: [shop], globals });
    return one?.kind === "cluster" ? one : assert.fail();
  }
  assert.deepEqual(link(true).endpoints.at(-1), {
    role: "global",
    host,
    port: 5432,
  });
  assert.deepEqual(link(false).global, {
    name: "world",
    isWriter: false,
    writerRegion: "us-east-1",
  });
  assert.deepEqual(link(false).endpoints, shop.endpoints);
});
