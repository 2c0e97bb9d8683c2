import type { Command } from "commander";
import type { MysqlWish } from "../../core/access/mysql/wish.ts";
import { RdsiamError } from "../../core/errors.ts";
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

/** Declares `grant`. */
export function declare(command: Command, invocation: Invocation): void {
  addAccessOptions(command, {
    user: "user that is given the privileges",
    publicCrud:
      "the four verbs on all tables of schema public; of MySQL, on the database",
    group:
      "grant to this role instead, which cannot log in, and make the users members of it",
  });
  addExamples(addModeOptions(command), [
    "rdsiam grant -h orders.abc.eu-west-1.rds.amazonaws.com -U app -d orders --admin-username postgres --preset readonly --schema sales",
    "rdsiam grant … --privileges SELECT,INSERT --tables 'order*' --schema sales",
    "rdsiam grant … --preset readwrite --default-privileges --owner migrations",
  ]).action((target: string | undefined, options: AccessOptions) =>
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
  options: AccessOptions,
): MysqlWish {
  const privileges = readMysqlPrivileges(options, database);
  const { group, hostPattern = "%" } = options;
  checkTogether(users, options, privileges.length > 0);
  return {
    kind: "grant",
    accounts: users.map((user) => ({ user, host: hostPattern })),
    iam: false,
    group: group === undefined ? null : { name: group, create: false },
    privileges,
  };
}

function checkTogether(
  users: readonly string[],
  { group }: AccessOptions,
  hasPrivileges: boolean,
) {
  if (!hasPrivileges && group === undefined) {
    throw new RdsiamError("usage", "Nothing to grant is named", {
      hint: "Add --preset, --grant-public-crud, --privileges or --group",
    });
  }
  if (group === undefined) requireUsers(users);
}

function wishFor(users: readonly string[], options: AccessOptions) {
  const privileges = readPrivileges(options);
  const { group } = options;
  checkTogether(users, options, privileges.length > 0);
  return {
    kind: "grant" as const,
    users,
    createUsers: false,
    iam: false,
    createRdsIam: false,
    group: group === undefined ? null : { name: group, create: false },
    privileges,
  };
}
