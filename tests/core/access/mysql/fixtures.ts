/** Catalogs of MySQL and MariaDB for tests. */

import type { Account } from "../../../../core/access/mysql/account.ts";
import type {
  AccountState,
  Held,
  MysqlCatalog,
} from "../../../../core/access/mysql/catalog.ts";
import { parseServerVersion } from "../../../../core/access/mysql/dialect.ts";
import { GRANT_OPTION } from "../../../../core/access/mysql/privilege.ts";
import { nameOfPattern } from "../../../../core/access/mysql/pattern.ts";
import type {
  MysqlGrantWish,
  MysqlRevokeWish,
} from "../../../../core/access/mysql/wish.ts";

/** `NAME` or `NAME@HOST`. */
export function account(text: string): Account {
  const [user = "", host = "%"] = text.split("@");
  return { user, host };
}

/** An account that logs in with IAM, unless told otherwise. */
export function state(
  who: string,
  changes: Partial<AccountState> = {},
): AccountState {
  return {
    account: account(who),
    isIam: true,
    hasOtherLogin: false,
    requiresTls: true,
    isLocked: false,
    isExpired: false,
    isRole: false,
    globals: [],
    ...changes,
  };
}

/** An account with a password. */
export function withPassword(
  who: string,
  changes: Partial<AccountState> = {},
): AccountState {
  const plain = { isIam: false, hasOtherLogin: true, requiresTls: false };
  return state(who, { ...plain, ...changes });
}

/** A role. */
export function role(who: string): AccountState {
  return state(who, { isIam: false, requiresTls: false, isRole: true });
}

/** Privileges on the databases of a pattern. */
export function onPattern(
  who: string,
  pattern: string,
  ...privileges: string[]
): Held {
  const name = nameOfPattern(pattern, false);
  return {
    account: account(who),
    on: { kind: "database", pattern, name },
    privileges,
    ofColumns: [],
  };
}

/** The master, who is logged in. */
export const MASTER = withPassword("admin", {
  globals: ["SELECT", "INSERT", "CREATE USER", GRANT_OPTION],
});

/** A server of MySQL with databases `shop`, `a_b` and `aXb`. */
export function mysqlCatalog(
  changes: Partial<MysqlCatalog> = {},
): MysqlCatalog {
  return {
    version: parseServerVersion("9.7.4"),
    isReadOnly: false,
    isLiteral: false,
    lowersNames: false,
    hasPlugin: true,
    administrator: MASTER.account,
    databases: ["shop", "a_b", "aXb"],
    objects: [
      { kind: "table", database: "shop", name: "orders" },
      { kind: "table", database: "shop", name: "items" },
      { kind: "procedure", database: "shop", name: "tidy" },
    ],
    held: [],
    roleGrants: [],
    defaultRoles: [],
    defined: [],
    ...changes,
    accounts: [MASTER, ...changes.accounts ?? []],
  };
}

/** A wish for an IAM account `app` with the four verbs on `shop`, unless told otherwise. */
export function grantWish(
  changes: Partial<MysqlGrantWish> = {},
): MysqlGrantWish {
  return {
    kind: "grant",
    accounts: [account("app")],
    iam: true,
    group: null,
    privileges: [{
      kind: "database",
      database: "shop",
      privileges: ["SELECT", "INSERT", "UPDATE", "DELETE"],
    }],
    ...changes,
  };
}

/** A wish to take nothing from `app`, unless told otherwise. */
export function revokeWish(
  changes: Partial<MysqlRevokeWish> = {},
): MysqlRevokeWish {
  return {
    kind: "revoke",
    users: ["app"],
    host: null,
    iam: false,
    groups: [],
    fromGroup: null,
    privileges: [],
    remove: null,
    ...changes,
  };
}
