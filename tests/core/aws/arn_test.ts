import assert from "node:assert/strict";
import { parseArn } from "../../../core/aws/arn.ts";

Deno.test("parseArn() reads the parts, colons of the resource included", () => {
  assert.deepEqual(
    parseArn("arn:aws-cn:rds:cn-north-1:123456789012:db-proxy:prx-1"),
    {
      partition: "aws-cn",
      service: "rds",
      region: "cn-north-1",
      account: "123456789012",
      resource: "db-proxy:prx-1",
    },
  );
  assert.equal(parseArn("arn:aws:iam::123456789012:role/a:b")?.region, "");
});

Deno.test("parseArn() knows what is none", () => {
  for (const text of ["", "orders", "arn:aws:rds", "arn:aws:rds:eu:1:"]) {
    assert.equal(parseArn(text), undefined, text);
  }
});
