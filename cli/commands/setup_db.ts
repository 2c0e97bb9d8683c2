import type { Command } from "commander";
import { checkAccountName } from "../../core/access/mysql/account.ts";
import type { MysqlWish } from "../../core/access/mysql/wish.ts";
import { CONNECT } from "../../core/access/preset.ts";
import { checkRoleName } from "../../core/access/role_name.ts";
import {
  type AccessOptions,
  addAccessOptions,
  addModeOptions,
  requireUsers,
  runAccess,
} from "../access/access_command.ts";
import { addExamples, type Invocation } from "../frame/command.ts";
import { readMysqlPrivileges } from "../access/mysql_privileges.ts";
import { readPrivileges } from "../access/privilege_options.ts";

interface SetupDbOptions extends AccessOptions {
  createRdsIam?: boolean;
}

/** Declares `setup-db`. */
export function declare(command: Command, invocation: Invocation): void {
  addAccessOptions(command, {
    user: "user that is to log in with IAM, created if missing",
    publicCrud:
      "SELECT, INSERT, UPDATE, DELETE on all tables of schema public, and what that takes; of MySQL, on the database",
    group:
      "grant to this role, which cannot log in, created if missing, and make the users members of it",
  }).option(
    "--create-rds-iam",
    "create rds_iam if missing: for a server other than RDS",
  );
  addExamples(addModeOptions(command), [
    "rdsiam setup-db -h orders.abc.eu-west-1.rds.amazonaws.com -U app -d orders --admin-username postgres --grant-public-crud",
    "rdsiam setup-db --admin-url postgres://postgres@orders.abc.eu-west-1.rds.amazonaws.com/orders --user jane.doe@example.com --preset readonly --dry-run",
  ]).action((target: string | undefined, options: SetupDbOptions) =>
    runAccess(target, options, invocation, {
      postgres: (users) => wishFor(users, options),
      mysql: (users, database) => mysqlWishFor(users, database, options),
      givesLogin: true,
    })
  );
}

function mysqlWishFor(
  users: readonly string[],
  database: string,
  options: SetupDbOptions,
): MysqlWish {
  requireUsers(users);
  for (const user of users) checkAccountName(user);
  const { group, hostPattern = "%" } = options;
  return {
    kind: "grant",
    accounts: users.map((user) => ({ user, host: hostPattern })),
    iam: true,
    group: group === undefined ? null : { name: group, create: true },
    privileges: readMysqlPrivileges(options, database),
  };
}

function wishFor(users: readonly string[], options: SetupDbOptions) {
  requireUsers(users);
  for (const user of users) checkRoleName(user);
  const { group, createRdsIam = false } = options;
  return {
    kind: "grant" as const,
    users,
    createUsers: true,
    iam: true,
    createRdsIam,
    group: group === undefined ? null : { name: group, create: true },
    privileges: [CONNECT, ...readPrivileges(options)],
  };
}
