import assert from "node:assert/strict";
import { isRegion, partitionOf } from "../../../core/target/endpoint.ts";
import { regionsOf } from "../../../core/target/regions.ts";

Deno.test("regionsOf() has regions of each partition, and of no other", () => {
  for (
    const [partition, one] of [
      ["aws", "il-central-1"],
      ["aws-cn", "cn-northwest-1"],
      ["aws-us-gov", "us-gov-east-1"],
      ["aws-eusc", "eusc-de-east-1"],
      ["aws-iso", "us-iso-west-1"],
      ["aws-iso-b", "us-isob-east-1"],
      ["aws-iso-e", "eu-isoe-west-1"],
      ["aws-iso-f", "us-isof-south-1"],
    ] as const
  ) {
    const regions = regionsOf(partition);
    assert.ok(regions.includes(one));
    for (const region of regions) {
      assert.deepEqual(
        [isRegion(region), partitionOf(region)],
        [true, partition],
      );
    }
    assert.equal(new Set(regions).size, regions.length);
  }
  assert.deepEqual(regionsOf("aws-mars"), []);
});
