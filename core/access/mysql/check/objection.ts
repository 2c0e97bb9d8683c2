import type { Account } from "../account.ts";

/** What speaks against a plan, beside what it takes from others. */
export interface MysqlObjection {
  /** `refuse`: never do it. `force`: only when told to. */
  readonly severity: "refuse" | "force";
  readonly kind:
    /** The one who is logged in, or an account of the same name that may take the login from it. */
    | "administrator"
    /** Nobody would be left who can make accounts and logs in with a password. */
    | "last-administrator"
    /** A password that stops working. */
    | "password"
    /** A password that stops working for some hosts, since another account is closer to them. */
    | "password-elsewhere"
    /** A grant by a wider pattern that counts once a narrower one is gone. */
    | "wider-grant";
  readonly account: Account;
  /** What it costs, for people. */
  readonly cost: string;
  readonly hint: string;
}
