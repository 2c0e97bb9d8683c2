import type { Command } from "commander";
import type { MysqlWish } from "../../core/access/mysql/wish.ts";
import type { RevokeWish } from "../../core/access/wish.ts";
import { RdsiamError } from "../../core/errors.ts";
import {
  type AccessOptions,
  addAccessOptions,
  addModeOptions,
  requireUsers,
  runAccess,
} from "../access/access_command.ts";
import { addExamples, type Invocation } from "../frame/command.ts";
import {
  readDatabases,
  readMysqlPrivileges,
} from "../access/mysql_privileges.ts";
import { readPrivileges } from "../access/privilege_options.ts";

interface RevokeOptions extends AccessOptions {
  iam?: boolean;
  all?: boolean;
  dropRole?: boolean;
  reassignTo?: string;
}

/** Declares `revoke`. */
export function declare(command: Command, invocation: Invocation): void {
  addAccessOptions(command, {
    user: "user that something is taken from",
    publicCrud:
      "the four verbs on all tables of schema public; of MySQL, on the database",
    group:
      "the users leave this role; with privileges and no --user: these are taken from the role",
  })
    .option(
      "--iam",
      "take the IAM login: rds_iam; an account of MySQL is locked, as it has no other",
    )
    .option(
      "--all",
      "take all privileges in this database, and hand over what the users own in it",
    )
    .option(
      "--drop-role",
      "the same, and drop the users; policies and what is outside of this database take --force",
    )
    .option(
      "--reassign-to <role>",
      "who gets what they own (default: the administrator)",
    );
  addExamples(addModeOptions(command), [
    "rdsiam revoke -h orders.abc.eu-west-1.rds.amazonaws.com -U app -d orders --admin-username postgres --grant-public-crud",
    "rdsiam revoke … --user jane.doe@example.com --drop-role --dry-run",
  ]).action((target: string | undefined, options: RevokeOptions) =>
    runAccess(target, options, invocation, {
      postgres: (users) => wishFor(users, options),
      mysql: (users, database) => mysqlWishFor(users, database, options),
      givesLogin: false,
    })
  );
}

function mysqlWishFor(
  users: readonly string[],
  database: string,
  options: RevokeOptions,
): MysqlWish {
  const { iam = false, group, all, dropRole: drop = false } = options;
  const privileges = readMysqlPrivileges(options, database);
  const isRemoval = all === true || drop;
  checkTogether(options, { isRemoval, hasPrivileges: privileges.length > 0 });
  if (options.reassignTo !== undefined) {
    throw new RdsiamError("usage", "--reassign-to is for PostgreSQL", {
      hint:
        "A user of MySQL owns nothing; ALTER … DEFINER says with whose rights a view or a routine runs",
    });
  }
  const fromGroup = group !== undefined && privileges.length > 0;
  if (!fromGroup) requireUsers(users);
  return {
    kind: "revoke",
    users: fromGroup ? [] : users,
    host: options.hostPattern ?? null,
    iam,
    groups: group === undefined || fromGroup ? [] : [group],
    fromGroup: fromGroup ? group : null,
    privileges,
    remove: isRemoval
      ? {
        // An account is of no database: what it holds beside the one that is named is told.
        databases: drop && database === "" && options.schema === undefined
          ? []
          : readDatabases(options, database),
        drop,
      }
      : null,
  };
}

function wishFor(users: readonly string[], options: RevokeOptions): RevokeWish {
  const { iam = false, group, all, dropRole = false } = options;
  const privileges = readPrivileges(options);
  const isRemoval = all === true || dropRole;
  checkTogether(options, { isRemoval, hasPrivileges: privileges.length > 0 });
  const fromGroup = group !== undefined && privileges.length > 0;
  if (!fromGroup) requireUsers(users);
  return {
    kind: "revoke",
    users: fromGroup ? [] : users,
    iam,
    groups: group === undefined || fromGroup ? [] : [group],
    grantees: fromGroup ? [group] : users,
    privileges,
    remove: isRemoval
      ? { reassignTo: options.reassignTo ?? null, dropRole }
      : null,
  };
}

function checkTogether(
  { iam, group, user, reassignTo }: RevokeOptions,
  { isRemoval, hasPrivileges }: { isRemoval: boolean; hasPrivileges: boolean },
) {
  if (!iam && !isRemoval && !hasPrivileges && group === undefined) {
    throw new RdsiamError("usage", "Nothing to revoke is named", {
      hint: "Add --preset, --privileges, --group, --iam, --all or --drop-role",
    });
  }
  if (reassignTo !== undefined && !isRemoval) {
    throw new RdsiamError("usage", "--reassign-to needs --all or --drop-role");
  }
  if (group === undefined || !hasPrivileges) return;
  if (user !== undefined || iam || isRemoval) {
    throw new RdsiamError(
      "usage",
      "--group with privileges takes them from the role, and so from every member",
      { hint: "Leave --user, --iam and the like to a run of their own" },
    );
  }
}
