import { RdsiamError } from "../../core/errors.ts";
import type { AwsApis } from "../../core/rds/aws_apis.ts";
import { partitionOf } from "../../core/target/endpoint.ts";
import type { AwsCaller } from "../../adapters/aws/client_config.ts";
import type { SignInHelp } from "../../adapters/credentials/sign_in.ts";
import type { Context } from "../frame/context.ts";
import type { DiscoverOptions } from "./discover_options.ts";

/** Who asks in an account. */
export interface AccountCaller {
  /** The account's id, where there are several. */
  account?: string;
  identity: AwsCaller["identity"];
  aws: AwsApis;
}

/**
 * Who asks in each account: the caller in the own one, a role of the same name in each of the others.
 *
 * @param region whose STS assumes the roles, once for all regions: one that is closed must not be asked
 * @throws {RdsiamError} `usage`, when an account's id is none
 * @throws {AwsCallError} when the organization's accounts cannot be listed
 */
export async function readCallers(
  { profile, roleArn, roleName, accounts }: DiscoverOptions,
  region: string,
  help: SignInHelp,
  context: Pick<Context, "aws">,
): Promise<readonly AccountCaller[]> {
  const own = { region, ...(profile !== undefined && { profile }) };
  const identity = { ...own, ...(roleArn !== undefined && { roleArn }) };
  const aws = await context.aws(identity, help);
  if (accounts === undefined) return [{ identity, aws }];
  const ids = accounts === "organization"
    ? await aws.organizations.accounts(region)
    : readIds(accounts);
  const { account: ownAccount } = await aws.sts.identity(region);
  return await Promise.all(ids.map(async (account) => {
    if (account === ownAccount) return { account, identity, aws };
    const roleArn = `arn:${
      partitionOf(region)
    }:iam::${account}:role/${roleName}`;
    const other = { ...own, roleArn };
    return { account, identity: other, aws: await context.aws(other, help) };
  }));
}

function readIds(text: string): readonly string[] {
  const ids = [...new Set(text.split(",").map((id) => id.trim()))];
  const wrong = ids.find((id) => !/^\d{12}$/.test(id));
  if (wrong === undefined) return ids;
  throw new RdsiamError("usage", `Account "${wrong}" is not valid`, {
    hint: "Give ids of 12 digits with commas between, or organization",
  });
}
