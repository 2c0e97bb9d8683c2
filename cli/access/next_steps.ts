import { resourceIdPrefix } from "../../core/policy/policy.ts";
import { policyArn } from "../../core/policy/resource.ts";
import { connectPolicy } from "../../core/policy/document.ts";
import { ENGINES } from "../../core/engine/engines.ts";
import { formatAddress } from "../../core/target/address.ts";
import { parseEndpoint, partitionOf } from "../../core/target/endpoint.ts";
import type { Target } from "../../core/target/target.ts";
import { quoteForShell } from "../../core/text/quote_for_shell.ts";

/** What is left to do before somebody can log in. */
export interface NextSteps {
  /** The IAM policy that the identity needs. */
  policy: unknown;
  /** The command that logs in. */
  login: string;
  /** The command that prints the policy without placeholders. */
  exactPolicy: string;
}

/** How the command line names a target that has a name. */
export interface ConfiguredLogin {
  /** Its name, with the configuration file where that must be named, too. */
  words: readonly string[];
  /** The user that the configuration gives. */
  username: string | undefined;
}

/**
 * What is left to do for these users of a database.
 *
 * @param configured the words that name the target, where it has a name and no option changes what that means
 */
export function nextSteps(
  target: Target,
  users: readonly string[],
  configured?: ConfiguredLogin,
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
  return {
    policy: connectPolicy(arns),
    login: configured === undefined
      ? loginCommand(target, users[0] ?? target.username)
      : configuredCommand(configured, target, users[0] ?? target.username),
    exactPolicy: policyCommand(target, users, configured),
  };
}

function policyCommand(
  { host }: Target,
  users: readonly string[],
  configured: ConfiguredLogin | undefined,
): string {
  const words = configured?.words ?? ["-h", host];
  const [only = "", ...further] = users;
  const named = further.length > 0
    ? users.flatMap((user) => ["--user", user])
    : changedUser(only, configured);
  return ["rdsiam", "policy", ...words, ...named].map(quoteForShell).join(" ");
}

function configuredCommand(
  configured: ConfiguredLogin,
  { engine }: Target,
  user: string,
): string {
  const { words } = configured;
  const change = changedUser(user, configured);
  const [client] = ENGINES[engine].clients;
  return ["rdsiam", "exec", ...words, ...change, "--", client]
    .map(quoteForShell).join(" ");
}

function changedUser(
  user: string,
  configured: ConfiguredLogin | undefined,
): readonly string[] {
  return user === configured?.username ? [] : ["-U", user];
}

function loginCommand(target: Target, username: string): string {
  const { host, port, connect, sslmode, sslrootcert, database, engine } =
    target;
  const { defaultPort, clients: [client] } = ENGINES[engine];
  const words = ["rdsiam", "exec"];
  if (engine !== "postgres") words.push("--engine", engine);
  words.push("-h", host);
  if (port !== defaultPort) words.push("-p", `${port}`);
  if (connect !== undefined) {
    words.push("--connect", formatAddress(connect.host, connect.port));
  }
  if (sslmode !== "verify-full") words.push("--sslmode", sslmode);
  if (sslrootcert !== undefined) words.push("--sslrootcert", sslrootcert);
  words.push("-U", username);
  if (database !== "") words.push("-d", database);
  words.push("--", client);
  return words.map(quoteForShell).join(" ");
}
