import { checkAccountName } from "../../core/access/mysql/account.ts";
import type {
  MysqlGrantWish,
  MysqlRevokeWish,
} from "../../core/access/mysql/wish.ts";
import { RdsiamError } from "../../core/errors.ts";
import { readDatabases, readMysqlPrivileges } from "./mysql_privileges.ts";
import type {
  AccessOptions,
  RevokeOptions,
  SetupDbOptions,
} from "./options.ts";
import { checkGrant, checkRevoke, requireUsers } from "./wishes.ts";

/**
 * What `setup-db` wishes for these users of MySQL or MariaDB.
 *
 * @param database the target's; empty for none
 * @throws {RdsiamError} `usage`, when the options do not go together
 */
export function mysqlSetupWish(
  users: readonly string[],
  database: string,
  options: SetupDbOptions,
): MysqlGrantWish {
  requireUsers(users);
  for (const user of users) checkAccountName(user);
  return wishOf(users, database, options, true);
}

/**
 * What `grant` wishes for these users of MySQL or MariaDB.
 *
 * @param database the target's; empty for none
 * @throws {RdsiamError} `usage`, when the options do not go together
 */
export function mysqlGrantWish(
  users: readonly string[],
  database: string,
  options: AccessOptions,
): MysqlGrantWish {
  const wish = wishOf(users, database, options, false);
  checkGrant(users, options, wish.privileges.length > 0);
  return wish;
}

function wishOf(
  users: readonly string[],
  database: string,
  options: AccessOptions,
  iam: boolean,
): MysqlGrantWish {
  const { group, hostPattern: host = "%" } = options;
  return {
    kind: "grant",
    accounts: users.map((user) => ({ user, host })),
    iam,
    group: group === undefined ? null : { name: group, create: iam },
    privileges: readMysqlPrivileges(options, database),
  };
}

/**
 * What `revoke` wishes for these users of MySQL or MariaDB.
 *
 * @param database the target's; empty for none
 * @throws {RdsiamError} `usage`, when the options do not go together
 */
export function mysqlRevokeWish(
  users: readonly string[],
  database: string,
  options: RevokeOptions,
): MysqlRevokeWish {
  const { iam = false, group, all, dropRole: drop = false } = options;
  const privileges = readMysqlPrivileges(options, database);
  const isRemoval = all === true || drop;
  checkRevoke(options, { isRemoval, hasPrivileges: privileges.length > 0 });
  if (options.reassignTo !== undefined) {
    throw new RdsiamError("usage", "--reassign-to is for PostgreSQL", {
      hint:
        "A user of MySQL owns nothing; ALTER … DEFINER says with whose rights a view or a routine runs",
    });
  }
  const fromGroup = group !== undefined && privileges.length > 0;
  if (!fromGroup) requireUsers(users);
  // An account is of no database: what it holds beside the one that is named is told.
  const isOfNone = drop && database === "" && options.schema === undefined;
  const databases = isRemoval && !isOfNone
    ? readDatabases(options, database)
    : [];
  return {
    kind: "revoke",
    users: fromGroup ? [] : users,
    host: options.hostPattern ?? null,
    iam,
    groups: group === undefined || fromGroup ? [] : [group],
    fromGroup: fromGroup ? group : null,
    privileges,
    remove: isRemoval ? { databases, drop } : null,
  };
}
