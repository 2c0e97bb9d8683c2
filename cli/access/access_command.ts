import type { ConfiguredTarget } from "../../core/config/config.ts";
import { ENGINES } from "../../core/engine/engines.ts";
import {
  type FieldSource,
  type GivenFields,
  isTyped,
  type TargetField,
} from "../../core/target/fields.ts";
import {
  mysqlFulfilment,
  postgresFulfilment,
  type Wishes,
} from "./fulfilments.ts";
import { type AccessFormat, printReport, tellAside } from "./output.ts";
import {
  type AdminContext,
  administratorLogin,
  checkSameDatabase,
  readAdmin,
  readAdminUrl,
  userLogin,
} from "./admin_options.ts";
import { applyVerbosity, type Invocation } from "../frame/command.ts";
import {
  type ConfiguredLogin,
  type NextSteps,
  nextSteps,
} from "./next_steps.ts";
import { hasColor, type Reporter } from "../frame/output.ts";
import type { AccessOptions } from "./options.ts";
import { gatherFields } from "../target/gather_fields.ts";
import { resolveFields, type TargetContext } from "../target/read_target.ts";
import type { Context } from "../frame/context.ts";

/** What access is changed with. */
export type AccessContext =
  & TargetContext
  & AdminContext
  & Pick<Context, "stdout" | "stopSignal">;

/** Runs `setup-db`, `grant` or `revoke`. */
export async function runAccess(
  name: string | undefined,
  options: AccessOptions,
  invocation: Invocation<AccessContext>,
  wishes: Wishes,
): Promise<void> {
  const { context } = invocation;
  const reporter = applyVerbosity(invocation, options);
  const url = readAdminUrl(options);
  const { given, configured } = await gatherFields(
    {
      name,
      options,
      further: [url.source, usersSource(options.user)],
    },
    context,
    reporter,
  );
  const admin = readAdmin(options, url, configured?.admin);
  checkSameDatabase(url, given);
  // Refuses what makes no sense before the network is asked.
  const users = options.user ?? (given.username ? [given.username.value] : []);
  const fulfilled = isMysql(given)
    ? mysqlFulfilment(wishes, users, options, given)
    : postgresFulfilment(wishes, users, options, given);
  // A group alone may be meant; the administrator's name stands for libpq's default database then.
  given.username ??= {
    value: admin.username,
    origin: { kind: "implied", what: "the administrator" },
  };
  const target = await resolveFields(given, context, reporter);
  const logIn = administratorLogin(
    target,
    given,
    { ...admin, ...(options.login && { login: true }) },
    context,
    reporter,
  );
  const isTrial = options.dryRun === true || options.check === true;
  const login = configuredLogin(configured, options, given);
  const next = wishes.givesLogin ? nextSteps(target, users, login) : undefined;
  const report = await fulfilled({
    logIn,
    stopSignal: () => context.stopSignal(),
    logInAs: userLogin(target, options, context, reporter),
    next,
  }, { apply: !isTrial, force: options.force ?? false });
  tellAside(report, reporter);
  printReport(report, {
    format: formatOf(options),
    hasColor: hasColor(context.stdout, context.environment, options),
  }, context.stdout);
  if (report.failure !== undefined) throw report.failure;
  const count = report.changes;
  if (options.check && count > 0) invocation.exitCode = 1;
  if (options.json || options.dryRun) return;
  if (count === 0) {
    reporter.info("Nothing to change: everything is as requested");
  } else if (options.check) reporter.info(`Would change: ${count}`);
  else if (next !== undefined) tellNext(next, reporter);
}

function isMysql({ engine }: GivenFields): boolean {
  return Object.values(ENGINES).some(({ name, protocol }) =>
    name === engine?.value && protocol === "mysql"
  );
}

function formatOf({ json, dryRun }: AccessOptions): AccessFormat {
  return json ? "json" : dryRun ? "sql" : "lines";
}

/** The first of the users stands for the target's, where none is named. */
function usersSource(users: readonly string[] = []): FieldSource {
  const [username] = users;
  return {
    origin: () => ({ kind: "flag", flag: "--user" }),
    fields: username === undefined ? {} : { username },
  };
}

/** How to name the target again, where its name says all: an option may say more. */
function configuredLogin(
  configured: ConfiguredTarget | undefined,
  options: AccessOptions,
  given: GivenFields,
): ConfiguredLogin | undefined {
  if (configured === undefined) return undefined;
  const { name, fields } = configured;
  const isChanged = Object.entries(given).some(([field, { value, origin }]) =>
    field !== "username" && isTyped(origin) &&
    fields[field as TargetField] !== value
  );
  if (isChanged) return undefined;
  const { config } = options;
  return {
    words: [name, ...(config === undefined ? [] : ["--config", config])],
    username: fields.username,
  };
}

function tellNext(next: NextSteps, reporter: Reporter) {
  reporter.info(
    `\nNext: let an AWS identity connect, with this IAM policy:\n${
      JSON.stringify(next.policy)
    }\nwhich this prints with the account and the resource id looked up:\n${next.exactPolicy}\nThen log in:\n${next.login}`,
  );
}
