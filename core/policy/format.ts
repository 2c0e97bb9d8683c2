import { RdsiamError } from "../errors.ts";
import type { ConnectPolicy } from "./document.ts";

/** The forms that a policy is written in. */
export const POLICY_FORMATS = ["json", "terraform", "cloudformation"] as const;

/** One of {@linkcode POLICY_FORMATS}. */
export type PolicyFormat = typeof POLICY_FORMATS[number];

/**
 * Writes a policy: as IAM reads it, as a data source of Terraform's AWS provider in the form of `terraform fmt`, or as a
 * CloudFormation template.
 *
 * @throws {RdsiamError} `usage`, when the format cannot say it
 */
export function formatPolicy(
  policy: ConnectPolicy,
  format: PolicyFormat,
): string {
  switch (format) {
    case "json":
      return `${JSON.stringify(policy, undefined, 2)}\n`;
    case "terraform":
      return terraform(policy);
    case "cloudformation":
      return cloudFormation(policy);
  }
}

/** https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document */
function terraform({ Statement: [{ Resource }] }: ConnectPolicy): string {
  const values = [Resource].flat().map(terraformString);
  const lines = values.length === 1
    ? [
      `effect    = "Allow"`,
      `actions   = ["rds-db:connect"]`,
      `resources = [${values}]`,
    ]
    : [
      `effect  = "Allow"`,
      `actions = ["rds-db:connect"]`,
      "resources = [",
      ...values.map((value) => `  ${value},`),
      "]",
    ];
  return [
    `data "aws_iam_policy_document" "rds_connect" {`,
    "  statement {",
    ...lines.map((line) => `    ${line}`),
    "  }",
    "}",
    "",
  ].join("\n");
}

/** A string of HCL (Terraform language, "Strings and Templates"). The provider writes `&{` for IAM's `${`. */
function terraformString(text: string): string {
  if (text.includes("&{")) {
    throw new RdsiamError(
      "usage",
      `ARN "${text}" cannot be written for Terraform: its AWS provider takes "&{" for the beginning of a variable`,
      { hint: "Use --format json" },
    );
  }
  return JSON.stringify(text).replaceAll("${", "&{").replaceAll("%{", "%%{");
}

/** No `Fn::Sub` anywhere, and so `${` stands for itself. What JSON quotes, YAML reads the same (YAML 1.2, 1.3). */
function cloudFormation({ Version, Statement }: ConnectPolicy): string {
  const [{ Effect, Action, Resource }] = Statement;
  const lines = [
    "Resources:",
    "  RdsConnect:",
    "    Type: AWS::IAM::ManagedPolicy",
    "    Properties:",
    "      PolicyDocument:",
    `        Version: "${Version}"`,
    "        Statement:",
    `          - Effect: ${Effect}`,
    `            Action: ${Action}`,
    "            Resource:",
    ...[Resource].flat().map((arn) => `              - ${JSON.stringify(arn)}`),
  ];
  return `AWSTemplateFormatVersion: "2010-09-09"\n${lines.join("\n")}\n`;
}
