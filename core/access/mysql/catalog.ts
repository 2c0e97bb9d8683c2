import { type Account, isSameAccount } from "./account.ts";
import type { ServerVersion } from "./dialect.ts";

/** How an account logs in. */
export interface AccountState {
  readonly account: Account;
  /** By `AWSAuthenticationPlugin`. */
  readonly isIam: boolean;
  /** A password or a certificate gets it in. */
  readonly hasOtherLogin: boolean;
  /** Its logins must be over TLS. */
  readonly requiresTls: boolean;
  readonly isLocked: boolean;
  /** Its password has expired, which keeps an IAM account of MariaDB from doing anything. */
  readonly isExpired: boolean;
  readonly isRole: boolean;
  /** What it may do everywhere, such as `CREATE USER`; `GRANT OPTION` among it. */
  readonly globals: readonly string[];
}

/** What privileges are held on. */
export type Holding =
  /** The databases that match the pattern, as it is stored. */
  | {
    readonly kind: "database";
    readonly pattern: string;
    /** The only database that the pattern names; null: it may name several. */
    readonly name: string | null;
  }
  /** A table or view. */
  | {
    readonly kind: "table" | "function" | "procedure";
    readonly database: string;
    readonly name: string;
  };

/** What an account or role holds on something. */
export interface Held {
  readonly account: Account;
  readonly on: Holding;
  /** `GRANT OPTION` among it. */
  readonly privileges: readonly string[];
  /** On some columns of a table alone. */
  readonly ofColumns: readonly string[];
}

/** A role that somebody has. */
export interface RoleGrant {
  readonly role: Account;
  readonly member: Account;
  /** The member may grant it. */
  readonly isAdmin: boolean;
}

/** Something that runs with the rights of an account. */
export interface Defined {
  readonly kind: "view" | "function" | "procedure" | "trigger" | "event";
  readonly database: string;
  readonly name: string;
  readonly definer: Account;
}

/** Something that privileges can be granted on by its name. */
export interface Nameable {
  readonly kind: "table" | "function" | "procedure";
  readonly database: string;
  readonly name: string;
}

/** A server as it is, as far as access goes. */
export interface MysqlCatalog {
  readonly version: ServerVersion;
  /** Nothing can be changed here: a replica, or a reader of Aurora. */
  readonly isReadOnly: boolean;
  /** Whether `_` and `%` in the names of databases stand for themselves (`partial_revokes`). */
  readonly isLiteral: boolean;
  /** Whether the server keeps names of databases and tables in small letters. */
  readonly lowersNames: boolean;
  /** Whether the plugin of IAM accounts is loaded. */
  readonly hasPlugin: boolean;
  /** The account that is logged in. */
  readonly administrator: Account;
  readonly accounts: readonly AccountState[];
  readonly databases: readonly string[];
  /** All tables and routines of the databases in scope. */
  readonly objects: readonly Nameable[];
  readonly held: readonly Held[];
  readonly roleGrants: readonly RoleGrant[];
  /** The roles that are active from a login on. */
  readonly defaultRoles: readonly {
    readonly account: Account;
    readonly role: Account;
  }[];
  /** What runs with the rights of whoever made it; read only where something is to be taken away. */
  readonly defined: readonly Defined[];
}

/** What there is to know of an account, if there is one. */
export function findAccount(
  { accounts }: Pick<MysqlCatalog, "accounts">,
  account: Account,
): AccountState | undefined {
  return accounts.find((state) => isSameAccount(state.account, account));
}

/** A role by its name, which is an account without a login. */
export function roleNamed({ version }: MysqlCatalog, name: string): Account {
  return { user: name, host: version.dialect === "mariadb" ? "" : "%" };
}

/** The accounts and no roles, with this name. */
export function accountsNamed(
  { accounts }: MysqlCatalog,
  user: string,
): readonly AccountState[] {
  return accounts.filter(({ account, isRole }) =>
    account.user === user && !isRole
  );
}
