import assert from "node:assert/strict";
import { connectPolicy, policySize } from "../../../core/policy/document.ts";
import { formatPolicy } from "../../../core/policy/format.ts";
import { assertRefuses } from "../../rdsiam_error.ts";

const ONE = connectPolicy(["arn:one/app"]);
const TWO = connectPolicy(["arn:one/app", 'arn:two/100%{x}${*}"\\']);

Deno.test("formatPolicy() writes JSON as IAM reads it", () => {
  assert.equal(
    formatPolicy(ONE, "json"),
    `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "rds-db:connect",
      "Resource": "arn:one/app"
    }
  ]
}
`,
  );
  assert.deepEqual(JSON.parse(formatPolicy(TWO, "json")), TWO);
});

Deno.test("formatPolicy() writes Terraform with the provider's words for IAM's variables", () => {
  assert.equal(
    formatPolicy(ONE, "terraform"),
    `data "aws_iam_policy_document" "rds_connect" {
  statement {
    effect    = "Allow"
    actions   = ["rds-db:connect"]
    resources = ["arn:one/app"]
  }
}
`,
  );
  assert.equal(
    formatPolicy(TWO, "terraform"),
    `data "aws_iam_policy_document" "rds_connect" {
  statement {
    effect  = "Allow"
    actions = ["rds-db:connect"]
    resources = [
      "arn:one/app",
      "arn:two/100%%{x}&{*}\\"\\\\",
    ]
  }
}
`,
  );
});

Deno.test("formatPolicy() refuses what Terraform's provider would read otherwise", () => {
  assertRefuses(() => formatPolicy(connectPolicy(["a&{b}"]), "terraform"), {
    message:
      'ARN "a&{b}" cannot be written for Terraform: its AWS provider takes "&{" for the beginning of a variable',
    hint: "Use --format json",
  });
});

Deno.test("formatPolicy() writes a CloudFormation template whose policy reads back", () => {
  assert.equal(
    formatPolicy(ONE, "cloudformation"),
    `AWSTemplateFormatVersion: "2010-09-09"
Resources:
  RdsConnect:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: rds-db:connect
            Resource:
              - "arn:one/app"
`,
  );
});

Deno.test("policySize() counts no blanks", () => {
  const sizes = ["ab", "a b", " a  b "].map((arn) =>
    policySize(connectPolicy([arn]))
  );
  assert.deepEqual(new Set(sizes).size, 1);
});
