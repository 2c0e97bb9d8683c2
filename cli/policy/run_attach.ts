import { RdsiamError } from "../../core/errors.ts";
import {
  databaseStatement,
  parseIdentity,
} from "../../core/policy/attachment.ts";
import { policyArn } from "../../core/policy/resource.ts";
import type { AwsApis } from "../../core/rds/aws_apis.ts";
import type { Target } from "../../core/target/target.ts";
import type { Invocation } from "../frame/command.ts";
import type { Context } from "../frame/context.ts";
import type { Reporter } from "../frame/output.ts";
import {
  type AttachRequest,
  nameOf,
  planAttach,
  untilAllowed,
} from "./attach.ts";
import type { LookedUp } from "./look_up.ts";
import type { PolicyOptions } from "./options.ts";

/**
 * Gives the policy of targets to an IAM identity, or takes it back: shows the change, asks, does it, and waits until it
 * counts.
 *
 * @throws {RdsiamError} `usage`, when there is nobody to ask; `failed`, when it is not agreed to or cannot be done
 */
export async function runAttach(
  targets: readonly Target[],
  found: readonly LookedUp[],
  { options, aws }: { options: PolicyOptions; aws: AwsApis },
  invocation: Invocation<Pick<Context, "clock" | "askText" | "stdout">>,
  reporter: Reporter,
): Promise<void> {
  const { clock, stdout } = invocation.context;
  const [first] = targets;
  const request = readRequest(targets, found, options);
  const api = await aws.identities(first?.region ?? "us-east-1");
  const { steps } = await planAttach(request, api);
  for (const { told } of steps) reporter.info(told);
  const who = nameOf(request.identity);
  if (steps.length === 0) {
    reporter.info(
      `${who} ${request.isDetached ? "does not have it" : "has it already"}`,
    );
  }
  if (options.json) {
    const changes = steps.map(({ told }) => told);
    stdout.write(
      `${JSON.stringify({ identity: request.identity, changes })}\n`,
    );
  }
  if (options.check) {
    if (steps.length > 0) invocation.exitCode = 1;
    return;
  }
  if (options.dryRun || steps.length === 0) return;
  if (!options.yes) await agree(invocation.context);
  for (const { apply } of steps) await apply();
  if (request.isDetached) {
    return reporter.info(`${who} does not have it any more`);
  }
  await untilAllowed(request, { api, aws, clock, reporter });
  reporter.info(`${who} may connect`);
}

function readRequest(
  targets: readonly Target[],
  found: readonly LookedUp[],
  options: PolicyOptions,
): AttachRequest {
  const [first] = found;
  if (first === undefined) throw new RdsiamError("usage", "No target is named");
  const { account, partition } = first.resource;
  if (found.some(({ resource }) => resource.account !== account)) {
    throw new RdsiamError("usage", "The targets are in several accounts", {
      hint:
        "Name those of one account at a time: a policy lets nobody into another one's",
    });
  }
  const statements = targets.flatMap((target, index) => {
    const one = found[index];
    if (one === undefined) return [];
    const users = options.anyUser
      ? [undefined]
      : options.user ?? [target.username];
    const arns = users.map((username) =>
      policyArn({ ...one.resource, username })
    );
    const database = one.found?.database.arn ?? target.host;
    return [databaseStatement(database, arns)];
  });
  return {
    identity: parseIdentity(options.attach ?? options.detach ?? ""),
    statements,
    account,
    partition,
    managed: options.managed,
    create: options.create ?? false,
    isDetached: options.detach !== undefined,
  };
}

async function agree({ askText }: Pick<Context, "askText">) {
  const answer = await askText("Do it? (y/N)");
  if (answer !== undefined && /^\s*y(es)?\s*$/i.test(answer)) return;
  throw answer === undefined
    ? new RdsiamError(
      "usage",
      "Nothing was changed: there is no terminal to ask on",
      {
        hint: "Add --yes to do it without a question",
      },
    )
    : new RdsiamError("failed", "Nothing was changed: it was not agreed to");
}
