import type { NamePattern } from "../selection.ts";
import type { Account } from "./account.ts";

/** Privileges on something. */
export type MysqlPrivilegeWish =
  /** On all of a database, what it will hold later included. */
  | {
    readonly kind: "database";
    readonly database: string;
    readonly privileges: readonly string[];
  }
  /** On some of its tables and views, or functions and procedures. */
  | {
    readonly kind: "table" | "routine";
    readonly database: string;
    readonly names: readonly NamePattern[];
    readonly privileges: readonly string[];
  };

/** Who should be able to log in, and to do what. */
export interface MysqlGrantWish {
  readonly kind: "grant";
  readonly accounts: readonly Account[];
  /** Create the accounts that are missing, and have all of them log in with IAM; otherwise a missing one is an error. */
  readonly iam: boolean;
  /** Give the privileges to this role, and make it a default one of the accounts. */
  readonly group: { readonly name: string; readonly create: boolean } | null;
  readonly privileges: readonly MysqlPrivilegeWish[];
}

/** What to take away. */
export interface MysqlRevokeWish {
  readonly kind: "revoke";
  /** Whose accounts are meant. */
  readonly users: readonly string[];
  /** Only the accounts of this host pattern; null: see `chosenAccounts`. */
  readonly host: string | null;
  /** Lock the accounts: they have no other login. */
  readonly iam: boolean;
  /** Roles that the accounts shall leave. */
  readonly groups: readonly string[];
  /** Take the privileges from this role instead of the accounts. */
  readonly fromGroup: string | null;
  readonly privileges: readonly MysqlPrivilegeWish[];
  /** Take all that they hold on these databases, and with `drop` the accounts. */
  readonly remove:
    | { readonly databases: readonly string[]; readonly drop: boolean }
    | null;
}

/** What is wished for. */
export type MysqlWish = MysqlGrantWish | MysqlRevokeWish;

/** The databases that a wish is about. */
export function databasesOf(wish: MysqlWish): readonly string[] {
  const removed = wish.kind === "revoke" ? wish.remove?.databases ?? [] : [];
  return [
    ...new Set([
      ...wish.privileges.map(({ database }) => database),
      ...removed,
    ]),
  ];
}
