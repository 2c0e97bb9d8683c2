import {
  type NamedPolicy,
  POLICY_LIMITS,
  type PolicyForm,
  policySize,
} from "../../core/policy/document.ts";
import type { RdsDatabase } from "../../core/rds/database.ts";
import { nameDatabase } from "../../core/rds/iam_change.ts";
import type { PolicyOptions } from "./options.ts";

/** What the user should know of the options: where a policy says more, or less, than it may seem to. */
export function doubtsOfOptions(
  { user = [], anyUser, resourceId }: PolicyOptions,
): string[] {
  const doubts = [];
  const starred = user.find((name) => /[*?]/.test(name));
  if (starred !== undefined) {
    doubts.push(
      `User "${starred}" is taken to the letter: --any-user stands for every user`,
    );
  }
  if (anyUser) {
    doubts.push(
      "Whoever has this policy can log in as every database user that logs in with IAM",
    );
  }
  if (resourceId !== undefined && /[*?]/.test(resourceId)) {
    doubts.push(
      `Resource id "${resourceId}" stands for every such database of the account in this region, future ones too`,
    );
  }
  return doubts;
}

/** What the user should know of a database that a policy names. */
export function doubtsOfDatabase(database: RdsDatabase): string[] {
  const name = nameDatabase(database);
  const doubts = [];
  if (database.iam === "unsupported") {
    doubts.push(
      `No token logs in to ${name}: its engine, ${database.rdsEngine}, has no IAM authentication`,
    );
  } else if (database.iam !== "on") {
    doubts.push(
      database.kind === "proxy"
        ? `The ${name} takes no tokens: none of its logins has IAMAuth`
        : `IAM authentication of ${name} is ${database.iam}: add --enable to turn it on`,
    );
  }
  if (database.kind === "cluster" && database.global !== undefined) {
    doubts.push(
      `The ${name} is a part of global database "${database.global.name}": each region's cluster has a resource id of its own, and after a failover another one is written to. Name those, too`,
    );
  }
  return doubts;
}

/** What the user should know of the whole. */
export function doubtsOfPolicies(
  policies: readonly NamedPolicy[],
  form: PolicyForm,
): string[] {
  const limit = POLICY_LIMITS[form];
  if (policies.length > 1) {
    return [
      `One policy takes ${limit} characters, so these are ${policies.length}: ${
        policies.map(({ name }) => name).join(", ")
      }`,
    ];
  }
  return policies.map(({ policy }) => policySize(policy))
    .filter((size) => size > limit)
    .map((size) =>
      `The policy has ${size} characters, and AWS takes ${limit} in ${
        form === "inline" ? "the inline ones of a role" : "a permission set"
      }: use --form managed, or --any-user`
    );
}
