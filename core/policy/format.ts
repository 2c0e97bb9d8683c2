import { RdsiamError } from "../errors.ts";
import type {
  ConnectPolicy,
  ConnectStatement,
  NamedPolicy,
} from "./document.ts";

/** The forms that a policy is written in. */
export const POLICY_FORMATS = ["json", "terraform", "cloudformation"] as const;

/** One of {@linkcode POLICY_FORMATS}. */
export type PolicyFormat = typeof POLICY_FORMATS[number];

/**
 * Writes policies: as IAM reads them, as data sources of Terraform's AWS provider in the form of `terraform fmt`, or as a
 * CloudFormation template. As JSON, one is its document, and several are an object of documents by their names.
 *
 * @throws {RdsiamError} `usage`, when the format cannot say it
 */
export function formatPolicies(
  policies: readonly NamedPolicy[],
  format: PolicyFormat,
): string {
  switch (format) {
    case "json":
      return json(policies);
    case "terraform":
      return policies.map(terraform).join("\n");
    case "cloudformation":
      return cloudFormation(policies);
  }
}

/** Writes a policy that is alone. */
export function formatPolicy(
  policy: ConnectPolicy,
  format: PolicyFormat,
): string {
  return formatPolicies([{ name: "rds-connect", policy }], format);
}

function json(policies: readonly NamedPolicy[]): string {
  const [only] = policies;
  const document = policies.length === 1
    ? only?.policy
    : Object.fromEntries(policies.map(({ name, policy }) => [name, policy]));
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document */
function terraform({ name, policy: { Statement } }: NamedPolicy): string {
  return [
    `data "aws_iam_policy_document" "${name.replaceAll("-", "_")}" {`,
    Statement.map(terraformStatement).join("\n\n"),
    "}",
    "",
  ].join("\n");
}

function terraformStatement({ Resource }: ConnectStatement): string {
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
    "  statement {",
    ...lines.map((line) => `    ${line}`),
    "  }",
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
function cloudFormation(policies: readonly NamedPolicy[]): string {
  const lines = policies.flatMap(({ name, policy }) => [
    `  ${pascalCase(name)}:`,
    "    Type: AWS::IAM::ManagedPolicy",
    "    Properties:",
    "      PolicyDocument:",
    `        Version: "${policy.Version}"`,
    "        Statement:",
    ...policy.Statement.flatMap(({ Effect, Action, Resource }) => [
      `          - Effect: ${Effect}`,
      `            Action: ${Action}`,
      "            Resource:",
      ...[Resource].flat().map((arn) =>
        `              - ${JSON.stringify(arn)}`
      ),
    ]),
  ]);
  return `AWSTemplateFormatVersion: "2010-09-09"\nResources:\n${
    lines.join("\n")
  }\n`;
}

function pascalCase(name: string): string {
  return name.replaceAll(
    /(?:^|-)(.)/g,
    (_, first: string) => first.toUpperCase(),
  );
}
