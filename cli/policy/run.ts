import type { SignInHelp } from "../../adapters/credentials/sign_in.ts";
import { RdsiamError } from "../../core/errors.ts";
import { connectPolicy } from "../../core/policy/document.ts";
import { formatPolicy } from "../../core/policy/format.ts";
import { policyArn } from "../../core/policy/resource.ts";
import type { AwsApis } from "../../core/rds/aws_apis.ts";
import type { Target } from "../../core/target/target.ts";
import { applyVerbosity, type Invocation } from "../frame/command.ts";
import type { Context } from "../frame/context.ts";
import { signInHelp } from "../frame/sign_in.ts";
import type { TargetContext } from "../target/read_target.ts";
import { readTargets } from "../target/read_targets.ts";
import { doubtsOfDatabase, doubtsOfOptions, doubtsOfPolicy } from "./doubts.ts";
import { agreeToEnable, enable, type VisibleDatabase } from "./enable.ts";
import {
  checkPolicyOptions,
  type PolicyOptions,
  readPolicyFormat,
} from "./options.ts";
import {
  type DatabaseResource,
  findDatabase,
  givenResource,
} from "./resource.ts";

/** What policies are made with. */
type PolicyContext =
  & TargetContext
  & Pick<
    Context,
    | "aws"
    | "clock"
    | "stdout"
    | "stopSignal"
    | "askText"
    | "askSecret"
    | "signIn"
  >;

/** Runs `policy`. */
export async function runPolicy(
  names: readonly string[],
  options: PolicyOptions,
  invocation: Invocation<PolicyContext>,
): Promise<void> {
  const { context } = invocation;
  const reporter = applyVerbosity(invocation, options);
  const format = readPolicyFormat(options);
  checkPolicyOptions(options);
  const targets = await policyTargets(names, options, invocation);
  const aws = awsOf(context, signInHelp(options, context, reporter));
  const found = await Promise.all(
    targets.map((target) => lookUp(target, options, aws)),
  );
  const databases = found.flatMap(({ found }) => found ?? []);
  const tasks = options.enable
    ? await agreeToEnable(databases, { yes: options.yes, context, reporter })
    : [];
  const policy = connectPolicy(
    targets.flatMap(({ username }, index) => {
      const resource = found[index]?.resource;
      if (resource === undefined) return [];
      const users = options.anyUser ? [undefined] : options.user ?? [username];
      return users.map((username) => policyArn({ ...resource, username }));
    }),
  );
  context.stdout.write(formatPolicy(policy, format));
  const doubts = [
    ...doubtsOfOptions(options),
    ...databases.flatMap(({ database }) =>
      doubtsOfDatabase(options.enable ? { ...database, iam: "on" } : database)
    ),
    ...doubtsOfPolicy(policy),
  ];
  for (const doubt of new Set(doubts)) reporter.warn(doubt);
  await enable(tasks, context, reporter);
}

/** The targets; who logs in there is of no account where the options say which users a policy is for. */
async function policyTargets(
  names: readonly string[],
  options: PolicyOptions,
  { context, reporter }: Invocation<TargetContext>,
): Promise<Target[]> {
  const [username = options.anyUser ? "any" : undefined] = options.user ?? [];
  const { targets, failures: [failure] } = await readTargets(
    names,
    { ...options, ...(username !== undefined && { username }) },
    context,
    reporter,
  );
  if (failure !== undefined) throw failure.error;
  if (options.resourceId !== undefined && targets.length > 1) {
    throw new RdsiamError(
      "usage",
      "--resource-id names one database, and there are several targets",
      { hint: "Leave it out, or name one target" },
    );
  }
  return targets.map(({ target }) => target);
}

async function lookUp(
  target: Target,
  { resourceId, account }: PolicyOptions,
  aws: (target: Target) => Promise<AwsApis>,
): Promise<{ resource: DatabaseResource; found?: VisibleDatabase }> {
  if (resourceId !== undefined) {
    const given = { resourceId, account };
    return { resource: await givenResource(target, given, () => aws(target)) };
  }
  const database = await findDatabase(target, () => aws(target));
  return { resource: database, found: { database, aws: await aws(target) } };
}

/** The AWS APIs of each target's identity, made once. */
function awsOf(
  context: Pick<Context, "aws">,
  help: SignInHelp,
): (target: Target) => Promise<AwsApis> {
  const made = new Map<string, Promise<AwsApis>>();
  return ({ profile, roleArn }) => {
    const key = JSON.stringify([profile, roleArn]);
    const known = made.get(key);
    if (known !== undefined) return known;
    const apis = context.aws({
      ...(profile !== undefined && { profile }),
      ...(roleArn !== undefined && { roleArn }),
    }, help);
    made.set(key, apis);
    return apis;
  };
}
