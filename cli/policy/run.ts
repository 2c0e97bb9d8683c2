import type { SignInHelp } from "../../adapters/credentials/sign_in.ts";
import { RdsiamError } from "../../core/errors.ts";
import { connectPolicies, POLICY_LIMITS } from "../../core/policy/document.ts";
import { formatPolicies } from "../../core/policy/format.ts";
import { policyArn } from "../../core/policy/resource.ts";
import type { AwsApis } from "../../core/rds/aws_apis.ts";
import type { Target } from "../../core/target/target.ts";
import { applyVerbosity, type Invocation } from "../frame/command.ts";
import type { Context } from "../frame/context.ts";
import { signInHelp } from "../frame/sign_in.ts";
import type { TargetContext } from "../target/read_target.ts";
import { readTargets } from "../target/read_targets.ts";
import {
  doubtsOfDatabase,
  doubtsOfOptions,
  doubtsOfPolicies,
} from "./doubts.ts";
import { agreeToEnable, enable } from "./enable.ts";
import { lookUpAll } from "./look_up.ts";
import {
  checkPolicyOptions,
  type PolicyOptions,
  readPolicyForm,
  readPolicyFormat,
} from "./options.ts";
import { proxyPolicies } from "./proxy_policies.ts";

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
  const form = readPolicyForm(options);
  checkPolicyOptions(options);
  const targets = await policyTargets(names, options, invocation);
  const aws = awsOf(context, signInHelp(options, context, reporter));
  const found = await lookUpAll(targets, options, aws);
  if (options.attach !== undefined || options.detach !== undefined) {
    const [first] = targets;
    if (first === undefined) return;
    const { runAttach } = await import("./run_attach.ts");
    const request = { options, aws: await aws(first) };
    return await runAttach(targets, found, request, invocation, reporter);
  }
  const databases = found.flatMap(({ found }) => found ?? []);
  const tasks = options.enable
    ? await agreeToEnable(databases, { ...options, context, reporter })
    : [];
  const wanted = targets.flatMap(({ username }, index) => {
    const resource = found[index]?.resource;
    if (resource === undefined) return [];
    const users = options.anyUser ? [undefined] : options.user ?? [username];
    return users.map((user) => ({
      user,
      arn: policyArn({ ...resource, username: user }),
    }));
  });
  const groups = options.perUser
    ? [...Map.groupBy(wanted, ({ user }) => user).values()]
    : [wanted];
  const policies = connectPolicies(
    groups.map((group) => group.map(({ arn }) => arn)),
    form === "managed" ? POLICY_LIMITS.managed : undefined,
  );
  const proxies = await proxyPolicies(databases, options, targets);
  for (const { role, name } of proxies) {
    reporter.info(`Policy ${name} is for the proxy's own role, ${role}`);
  }
  context.stdout.write(formatPolicies([...policies, ...proxies], format));
  const doubts = [
    ...doubtsOfOptions(options),
    ...databases.flatMap(({ database }) =>
      doubtsOfDatabase(options.enable ? { ...database, iam: "on" } : database)
    ),
    ...doubtsOfPolicies(policies, form),
  ];
  for (const doubt of new Set(doubts)) reporter.warn(doubt);
  if (!options.dryRun) await enable(tasks, context, reporter);
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
  if (options.enable && targets.length > 1 && names.length === 0) {
    throw new RdsiamError(
      "usage",
      `--enable would change ${targets.length} targets that are not named`,
      { hint: "Name each of them" },
    );
  }
  if (options.resourceId !== undefined && targets.length > 1) {
    throw new RdsiamError(
      "usage",
      "--resource-id names one database, and there are several targets",
      { hint: "Leave it out, or name one target" },
    );
  }
  return targets.map(({ target }) => target);
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
