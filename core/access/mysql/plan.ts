import type { Account } from "./account.ts";
import type { Holding } from "./catalog.ts";
import type { ServerVersion } from "./dialect.ts";

/** What an account needs to log in with IAM, and has not. */
export type AccountChange =
  /** It logs in with a password, or another way. */
  | "iam"
  /** Its token would go to the server without TLS. */
  | "tls"
  | "unlock"
  /** An expired password keeps it from doing anything. */
  | "expiry";

/** One change: one statement. */
export type MysqlStep =
  | { readonly kind: "create-account"; readonly account: Account }
  | {
    readonly kind: "change-account";
    readonly account: Account;
    readonly changes: readonly AccountChange[];
  }
  | { readonly kind: "lock-account"; readonly account: Account }
  | { readonly kind: "drop-account"; readonly account: Account }
  | { readonly kind: "create-role"; readonly role: Account }
  | {
    readonly kind: "grant-role" | "revoke-role";
    readonly role: Account;
    readonly account: Account;
  }
  /** These are the default roles from then on. */
  | {
    readonly kind: "default-roles";
    readonly account: Account;
    readonly roles: readonly Account[];
  }
  | {
    readonly kind: "grant";
    readonly account: Account;
    readonly on: Holding;
    readonly privileges: readonly string[];
    /**
     * Those among them that the account has through a wider pattern, which counts no longer once there is this grant; as
     * well as the right to pass them on.
     */
    readonly kept: readonly string[];
  }
  | {
    readonly kind: "revoke";
    readonly account: Account;
    readonly on: Holding;
    readonly privileges: readonly string[];
  };

/** A wish that is fulfilled already. */
export interface MysqlAlready {
  readonly step: MysqlStep;
  /** Through what, in words; null: directly. */
  readonly through: string | null;
}

/** Something worth telling that stops nothing. */
export interface MysqlNotice {
  readonly kind:
    | "iam-off"
    | "other-host"
    | "similar-account"
    | "no-match"
    | "future-included"
    | "keeps"
    | "still-member";
  readonly message: string;
}

/** What to do for a wish, in the order to do it. No steps: all is as wished. */
export interface MysqlPlan {
  readonly version: ServerVersion;
  /** All that somebody holds on these may go. */
  readonly databases: readonly string[];
  readonly steps: readonly MysqlStep[];
  readonly already: readonly MysqlAlready[];
  readonly notices: readonly MysqlNotice[];
}
