import { resourceIdPrefix } from "../../core/policy/policy.ts";
import type { PolicyResource } from "../../core/policy/resource.ts";
import { AwsCallError } from "../../core/aws/call_error.ts";
import { RdsiamError } from "../../core/errors.ts";
import type { AwsApis } from "../../core/rds/aws_apis.ts";
import type { RdsDatabase } from "../../core/rds/database.ts";
import { parseEndpoint, partitionOf } from "../../core/target/endpoint.ts";
import type { Target } from "../../core/target/target.ts";

/** What policies name a target's database by. */
export type DatabaseResource = Omit<PolicyResource, "username">;

/**
 * The resource that is given by its id. Without an account it is the caller's own: whoever connects signs with an identity of
 * the database's account.
 *
 * @throws {RdsiamError} `usage`, when the id is not of the endpoint's kind
 * @throws {AwsCallError} when the account has to be asked for, and AWS does not tell
 */
export async function givenResource(
  target: Target,
  { resourceId, account }: { resourceId: string; account: string | undefined },
  aws: () => Promise<AwsApis>,
): Promise<DatabaseResource> {
  const endpoint = parseEndpoint(target.host);
  const prefix = resourceIdPrefix(endpoint?.kind);
  // An Aurora instance's is its cluster's, which the name of its endpoint does not tell.
  const fitting = prefix === "db-" ? ["db-", "cluster-"] : [prefix];
  const isOpen = resourceId.startsWith("*") || endpoint === undefined;
  if (!isOpen && !fitting.some((prefix) => resourceId.startsWith(prefix))) {
    throw new RdsiamError(
      "usage",
      `Resource id "${resourceId}" is not one of "${target.host}": that is ${
        endpoint?.kind === "proxy" ? "a proxy" : `the ${endpoint?.kind}`
      } endpoint's ${fitting.join(" or ")}…`,
      { hint: "Leave --resource-id out to look it up" },
    );
  }
  const { region } = target;
  return {
    partition: endpoint?.partition ?? partitionOf(region),
    region,
    account: account ?? (await (await aws()).sts.identity(region)).account,
    resourceId,
  };
}

/**
 * Looks the database of a target up.
 *
 * @throws {RdsiamError} `failed`, when the account has no such database; `credentials`, when it may not be looked up
 * @throws {AwsCallError} when AWS does not answer
 */
export async function findDatabase(
  { host, region }: Target,
  aws: () => Promise<AwsApis>,
): Promise<RdsDatabase> {
  let found;
  try {
    found = await (await aws()).rds.find(host, region);
  } catch (error) {
    if (!(error instanceof AwsCallError) || error.refusal !== "denied") {
      throw error;
    }
    throw new RdsiamError(error.kind, error.message, {
      hint: `${error.hint}, or give --resource-id`,
      cause: error,
    });
  }
  if (found !== undefined) return found.database;
  throw new RdsiamError(
    "failed",
    `Database "${host}" is not found: this AWS account has none of that name in ${region}`,
    {
      hint:
        "Name another account's profile with --profile, or give --resource-id and --account",
    },
  );
}
