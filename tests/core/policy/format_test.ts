import assert from "node:assert/strict";
import fc from "fast-check";
import {
  connectPolicies,
  connectPolicy,
  policySize,
} from "../../../core/policy/document.ts";
import { anyCharacter } from "../../any_character.ts";
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

Deno.test("connectPolicies() keeps within IAM's limit, whatever the users are called, and loses nothing", () => {
  const name = fc.string({ unit: anyCharacter, minLength: 1, maxLength: 63 });
  fc.assert(
    fc.property(
      fc.array(fc.array(name, { minLength: 1, maxLength: 80 }), {
        minLength: 1,
        maxLength: 4,
      }),
      (groups) => {
        const policies = connectPolicies(groups, 6144);
        for (const { policy } of policies) {
          assert.ok(policySize(policy) <= 6144);
        }
        const all = policies.flatMap(({ policy }) =>
          policy.Statement.flatMap(({ Resource }) => Resource)
        );
        assert.deepEqual(new Set(all), new Set(groups.flat()));
      },
    ),
    { numRuns: 50 },
  );
});
