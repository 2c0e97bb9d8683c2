import { resourceIdPrefix } from "../core/access/policy.ts";
import { policyArn } from "../core/access/policy_resource.ts";
import { connectPolicy } from "../core/access/policy_document.ts";
import { ENGINES } from "../core/engine.ts";
import { formatAddress } from "../core/target/address.ts";
import { parseEndpoint, partitionOf } from "../core/target/endpoint.ts";
import type { Target } from "../core/target/target.ts";
import { quoteForShell } from "../core/quote_for_shell.ts";

/** What is left to do before somebody can log in. */
export interface NextSteps {
  /** The IAM policy that the identity needs. */
  policy: unknown;
  /** The command that logs in. */
  login: string;
  /** What to put for the placeholders of the policy. */
  placeholders: string;
}

/** What is left to do for these users of a database. */
export function nextSteps(
  target: Target,
  users: readonly string[],
): NextSteps {
  const endpoint = parseEndpoint(target.host);
  const prefix = resourceIdPrefix(endpoint?.kind);
  const resourceId = `${prefix}RESOURCE_ID`;
  const arns = users.map((username) =>
    policyArn({
      partition: endpoint?.partition ?? partitionOf(target.region),
      region: target.region,
      account: "ACCOUNT_ID",
      resourceId,
      username,
    })
  );
  const aurora = prefix === "db-"
    ? ", for an Aurora instance its cluster's (cluster-…)"
    : "";
  return {
    policy: connectPolicy(arns),
    login: loginCommand(target, users[0] ?? target.username),
    placeholders:
      `ACCOUNT_ID is the database's account, ${resourceId} its resource id${aurora}`,
  };
}

function loginCommand(target: Target, username: string): string {
  const { host, port, connect, sslmode, sslrootcert, database } = target;
  const words = ["rdsiam", "exec", "-h", host];
  if (port !== ENGINES[target.engine].defaultPort) words.push("-p", `${port}`);
  if (connect !== undefined) {
    words.push("--connect", formatAddress(connect.host, connect.port));
  }
  if (sslmode !== "verify-full") words.push("--sslmode", sslmode);
  if (sslrootcert !== undefined) words.push("--sslrootcert", sslrootcert);
  words.push("-U", username, "-d", database, "--", "psql");
  return words.map(quoteForShell).join(" ");
}
