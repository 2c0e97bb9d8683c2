import assert from "node:assert/strict";
import { rootsUrl } from "../../../core/roots/roots_url.ts";

Deno.test("rootsUrl() leads to AWS's own host of each partition that has one", () => {
  const rows = [
    ["il-central-1", "truststore.pki.rds.amazonaws.com"],
    ["us-gov-east-1", "truststore.pki.us-gov-west-1.rds.amazonaws.com"],
    ["cn-northwest-1", "rds-truststore.s3.cn-north-1.amazonaws.com.cn"],
  ] as const;
  for (const [region, host] of rows) {
    assert.equal(
      rootsUrl(region),
      `https://${host}/${region}/${region}-bundle.pem`,
    );
  }
});

Deno.test("rootsUrl() is none for isolated partitions, and for what is no region", () => {
  for (
    const region of [
      "us-iso-east-1",
      "us-isob-east-1",
      "eusc-de-east-1",
      "",
      "../../evil-1",
      "eu-west-1/../x",
      "evil.example/eu-west-1",
      "constructor",
    ]
  ) {
    assert.equal(rootsUrl(region), undefined, region);
  }
});
