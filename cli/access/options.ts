import type { Command } from "commander";
import { PRESETS } from "../../core/access/preset.ts";
import {
  addCommonOptions,
  collect,
  type CommonOptions,
  offer,
} from "../frame/command.ts";
import { addSignInOption, type SignInOptions } from "../frame/sign_in.ts";
import {
  addTargetOptions,
  type TargetOptions,
} from "../target/target_options.ts";

/** The options that say who logs in to grant and revoke. */
export interface AdminOptions extends SignInOptions {
  adminUsername?: string;
  adminUrl?: string;
  adminIam?: boolean;
}

/** Adds the options that say who logs in to grant and revoke. */
export function addAdminOptions(command: Command): Command {
  command
    .option("--admin-username <name>", "database user that logs in to do this")
    .option(
      "--admin-url <url>",
      "the same as a postgres://admin@host:port/db URL; its password is in PGPASSWORD or MYSQL_PWD, the passfile or asked for",
    )
    .option("--admin-iam", "log in with a token instead of a password");
  return addSignInOption(command);
}

/** The options that say which privileges. */
export interface PrivilegeOptions {
  grantPublicCrud?: boolean;
  preset?: string;
  privileges?: string[];
  schema?: string[];
  tables?: string[];
  sequences?: string[];
  functions?: string[];
  defaultPrivileges?: boolean;
  owner?: string[];
}

/** Adds the options that say which privileges. */
export function addPrivilegeOptions(command: Command): Command {
  command
    .option(
      "--preset <name>",
      "readonly, readwrite or owner, on the schema (of MySQL: the database) and all that is in it",
    )
    .option(
      "--privileges <list>",
      "such as SELECT,INSERT, or ALL: on what the next options name",
      collect,
    )
    .option(
      "--schema <name>",
      "schema, repeatable (default: public); of MySQL, a database (default: the target's)",
      collect,
    )
    .option(
      "--tables <name>",
      "table, or pattern with * and ?, repeatable",
      collect,
    )
    .option("--sequences <name>", "sequence or pattern, repeatable", collect)
    .option("--functions <name>", "function or pattern, repeatable", collect)
    .option(
      "--default-privileges",
      "the same on what --owner will create later, too",
    )
    .option("--owner <role>", "who will create it, repeatable", collect);
  return offer(command, "--preset", PRESETS);
}

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
    .option("--dry-run", "print only the SQL and change nothing")
    .option("--check", "change nothing, exit 1 when something would change")
    .option(
      "--force",
      "do it even if others lose logins or privileges",
    );
  return addCommonOptions(command);
}

/** The options of `setup-db`. */
export interface SetupDbOptions extends AccessOptions {
  createRdsIam?: boolean;
}

/** The options of `revoke`. */
export interface RevokeOptions extends AccessOptions {
  iam?: boolean;
  all?: boolean;
  dropRole?: boolean;
  reassignTo?: string;
}
