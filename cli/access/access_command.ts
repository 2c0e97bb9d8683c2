import type { Command } from "commander";
import type { ConfiguredTarget } from "../../core/config/config.ts";
import { ENGINES } from "../../core/engine/engines.ts";
import { RdsiamError } from "../../core/errors.ts";
import type {
  FieldSource,
  GivenFields,
  TargetField,
} from "../../core/target/fields.ts";
import { isTyped } from "../../core/target/origin.ts";
import {
  mysqlFulfilment,
  postgresFulfilment,
  type Wishes,
} from "./fulfilments.ts";
import { type AccessFormat, printReport, tellAside } from "./output.ts";
import {
  addAdminOptions,
  administratorLogin,
  type AdminOptions,
  checkSameDatabase,
  readAdmin,
  readAdminUrl,
  userLogin,
} from "./admin_options.ts";
import {
  addCommonOptions,
  applyVerbosity,
  collect,
  type CommonOptions,
  type Invocation,
} from "../frame/command.ts";
import {
  type ConfiguredLogin,
  type NextSteps,
  nextSteps,
} from "./next_steps.ts";
import { hasColor, type Reporter } from "../frame/output.ts";
import {
  addPrivilegeOptions,
  type PrivilegeOptions,
} from "./privilege_options.ts";
import { gatherFields } from "../target/gather_fields.ts";
import { addTargetOptions, resolveFields } from "../target/target_options.ts";
import type { TargetOptions } from "../target/gather_fields.ts";

/** The options that `setup-db`, `grant` and `revoke` share. */
export interface AccessOptions
  extends TargetOptions, CommonOptions, AdminOptions, PrivilegeOptions {
  user?: string[];
  group?: string;
  hostPattern?: string;
  force?: boolean;
  dryRun?: boolean;
  check?: boolean;
}

/** Adds the options that `setup-db`, `grant` and `revoke` share; `words` say what the last two of them are for. */
export function addAccessOptions(
  command: Command,
  words: { user: string; publicCrud: string; group: string },
): Command {
  addTargetOptions(command)
    .option(
      "--user <name>",
      `${words.user}, repeatable (default: the target's username)`,
      collect,
    )
    .option("--grant-public-crud", words.publicCrud);
  addPrivilegeOptions(command).option("--group <role>", words.group).option(
    "--host-pattern <pattern>",
    "MySQL and MariaDB: the hosts of the account, such as 10.% (default: %; revoke: every IAM account of the user)",
  );
  return addAdminOptions(command);
}

/** Adds the options that come last. */
export function addModeOptions(command: Command): Command {
  command
    .option("--dry-run", "print the SQL alone and change nothing")
    .option("--check", "change nothing, exit 1 when something would change")
    .option(
      "--force",
      "take logins and privileges from others where it comes to it",
    );
  return addCommonOptions(command);
}

/**
 * Refuses to go on without a user.
 *
 * @throws {RdsiamError} `usage`, when none is named
 */
export function requireUsers(users: readonly string[]): void {
  if (users.length > 0) return;
  throw new RdsiamError("usage", "User is missing", {
    hint: "Name the database user with --user, or -U",
  });
}

/** Runs `setup-db`, `grant` or `revoke`. */
export async function runAccess(
  name: string | undefined,
  options: AccessOptions,
  invocation: Invocation,
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
  if (count === 0) reporter.info("Nothing to change: all is as wished");
  else if (options.check) reporter.info(`Would change: ${count}`);
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
