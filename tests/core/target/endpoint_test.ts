import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type EndpointKind,
  parseEndpoint,
  partitionOf,
} from "../../../core/target/endpoint.ts";

type Row = [
  host: string,
  kind: EndpointKind,
  region: string | undefined,
  partition: string,
];

function assertParsed(rows: readonly Row[]) {
  for (const [host, kind, region, partition] of rows) {
    assert.deepEqual(parseEndpoint(host), { host, kind, region, partition });
  }
}

Deno.test("parseEndpoint() tells the kinds of endpoint apart", () => {
  const end = "eu-west-1.rds.amazonaws.com";
  assertParsed([
    [`orders.abc123.${end}`, "instance", "eu-west-1", "aws"],
    [`orders.cluster-abc123.${end}`, "cluster", "eu-west-1", "aws"],
    [`orders.cluster-ro-abc123.${end}`, "reader", "eu-west-1", "aws"],
    [`orders.cluster-custom-abc123.${end}`, "custom", "eu-west-1", "aws"],
    [`orders.proxy-abc123.${end}`, "proxy", "eu-west-1", "aws"],
    [`ro.endpoint.proxy-abc123.${end}`, "proxy", "eu-west-1", "aws"],
    [`orders.shardgrp-abc123.${end}`, "shard-group", "eu-west-1", "aws"],
  ]);
});

Deno.test("parseEndpoint() reads the names of every partition", () => {
  assertParsed([
    ["a.b.us-east-1.rds.amazonaws.com", "instance", "us-east-1", "aws"],
    [
      "a.b.ap-southeast-7.rds.amazonaws.com",
      "instance",
      "ap-southeast-7",
      "aws",
    ],
    [
      "a.b.us-gov-west-1.rds.amazonaws.com",
      "instance",
      "us-gov-west-1",
      "aws-us-gov",
    ],
    [
      "a.b.us-iso-east-1.rds.c2s.ic.gov",
      "instance",
      "us-iso-east-1",
      "aws-iso",
    ],
    [
      "a.b.us-isob-east-1.rds.sc2s.sgov.gov",
      "instance",
      "us-isob-east-1",
      "aws-iso-b",
    ],
    [
      "a.b.eu-isoe-west-1.rds.cloud.adc-e.uk",
      "instance",
      "eu-isoe-west-1",
      "aws-iso-e",
    ],
    [
      "a.b.us-isof-south-1.rds.csp.hci.ic.gov",
      "instance",
      "us-isof-south-1",
      "aws-iso-f",
    ],
    [
      "a.b.eusc-de-east-1.rds.amazonaws.eu",
      "instance",
      "eusc-de-east-1",
      "aws-eusc",
    ],
  ]);
});

Deno.test("parseEndpoint() reads China's two shapes", () => {
  assertParsed([
    [
      "a.cluster-b.rds.cn-north-1.amazonaws.com.cn",
      "cluster",
      "cn-north-1",
      "aws-cn",
    ],
    [
      "a.cluster-b.cn-northwest-1.rds.amazonaws.com.cn",
      "cluster",
      "cn-northwest-1",
      "aws-cn",
    ],
    [
      "a.b.cn-north-1.rds.api.amazonwebservices.com.cn",
      "instance",
      "cn-north-1",
      "aws-cn",
    ],
  ]);
});

Deno.test("parseEndpoint() reads FIPS and dual-stack names", () => {
  assertParsed([
    ["a.b.us-east-2.rds-fips.amazonaws.com", "instance", "us-east-2", "aws"],
    [
      "a.b.us-gov-east-1.rds-fips.amazonaws.com",
      "instance",
      "us-gov-east-1",
      "aws-us-gov",
    ],
    ["a.cluster-b.us-east-2.rds.api.aws", "cluster", "us-east-2", "aws"],
    ["a.proxy-b.us-east-2.rds-fips.api.aws", "proxy", "us-east-2", "aws"],
  ]);
});

Deno.test("parseEndpoint() finds no region in a global database's writer endpoint", () => {
  assertParsed([
    ["a.global-b.global.rds.amazonaws.com", "global", undefined, "aws"],
    ["a.global-b.global.rds.amazonaws.com.cn", "global", undefined, "aws-cn"],
  ]);
});

Deno.test("parseEndpoint() takes the region at the end, not one in the cluster's own name", () => {
  assertParsed([
    [
      "us-east-1.cluster-abc.eu-west-1.rds.amazonaws.com",
      "cluster",
      "eu-west-1",
      "aws",
    ],
    [
      "cluster-eu-west-1-rds.us-east-1x.ap-south-1.rds.amazonaws.com",
      "instance",
      "ap-south-1",
      "aws",
    ],
  ]);
});

Deno.test("parseEndpoint() lower-cases the name and drops a final dot", () => {
  assert.equal(
    parseEndpoint("Orders.ABC.EU-West-1.RDS.AmazonAWS.com.")?.host,
    "orders.abc.eu-west-1.rds.amazonaws.com",
  );
});

Deno.test("parseEndpoint() knows no other names", () => {
  for (
    const host of [
      "",
      ".",
      "localhost",
      "127.0.0.1",
      "orders.example.com",
      "amazonaws.com",
      "rds.amazonaws.com",
      "rds.us-east-1.amazonaws.com",
      "us-east-1.rds.amazonaws.com",
      "abc.us-east-1.rds.amazonaws.com",
      "a.b.c.us-east-1.rds.amazonaws.com",
      "a.endpoint.cluster-b.us-east-1.rds.amazonaws.com",
      "a.other.proxy-b.us-east-1.rds.amazonaws.com",
      "x.a.endpoint.proxy-b.us-east-1.rds.amazonaws.com",
      "a.cluster-.us-east-1.rds.amazonaws.com",
      "a.global-b.us-east-1.rds.amazonaws.com",
      "a.b.global.rds.amazonaws.com",
      "a.b.us-east.rds.amazonaws.com",
      "a.b.useast1.rds.amazonaws.com",
      "a.b.us-east-1.s3.amazonaws.com",
      "a.b.us-east-1.rds.amazonaws.com..",
      "a..us-east-1.rds.amazonaws.com",
      ".b.us-east-1.rds.amazonaws.com",
      "a b.c.us-east-1.rds.amazonaws.com",
      "a/b.c.us-east-1.rds.amazonaws.com",
      "a.b.us-east-1.rds.amazonaws.com:5432",
      "a.b.us-east-1.rds.amazonaws.com.evil.example",
      "a.b.us-east-1.rds.amazonaws.comx",
      "a.b.us-east-1.rds.notamazonaws.com",
    ]
  ) {
    assert.equal(parseEndpoint(host), undefined, host);
  }
});

const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
const id = fc.stringMatching(/^c[a-z0-9]{5,12}$/);
const region = fc.constantFrom("us-east-1", "mx-central-1", "us-gov-west-1");
const kinds = fc.constantFrom<[EndpointKind, string]>(
  ["instance", ""],
  ["cluster", "cluster-"],
  ["reader", "cluster-ro-"],
  ["custom", "cluster-custom-"],
  ["proxy", "proxy-"],
  ["shard-group", "shardgrp-"],
);
const service = fc.constantFrom("rds", "rds-fips");
const suffix = fc.constantFrom("amazonaws.com", "api.aws", "amazonaws.com.cn");

Deno.test("parseEndpoint() gives back the parts that a name was built of", () => {
  fc.assert(fc.property(
    label,
    id,
    region,
    kinds,
    service,
    suffix,
    (label, id, region, [kind, prefix], service, suffix) => {
      const host = `${label}.${prefix}${id}.${region}.${service}.${suffix}`;
      const partition = partitionOf(region);
      assert.deepEqual(parseEndpoint(host), { host, kind, region, partition });
    },
  ));
});

Deno.test("parseEndpoint() takes any text", () => {
  const part = fc.oneof(label, region, suffix, fc.string(), fc.constant("rds"));
  const text = fc.array(part).map((parts) => parts.join("."));
  fc.assert(fc.property(text, (text) => {
    const host = parseEndpoint(text)?.host;
    assert.equal(host, host && text.toLowerCase().replace(/\.$/, ""));
  }));
});

Deno.test("partitionOf() names the partition as ARNs do", () => {
  assert.equal(partitionOf("eu-central-1"), "aws");
  assert.equal(partitionOf("cn-north-1"), "aws-cn");
  assert.equal(partitionOf("us-gov-east-1"), "aws-us-gov");
  assert.equal(partitionOf("us-iso-west-1"), "aws-iso");
  assert.equal(partitionOf("us-isob-east-1"), "aws-iso-b");
});
