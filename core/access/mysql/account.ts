import { RdsiamError } from "../../errors.ts";
import { displayName } from "../identifier.ts";
import type { Dialect } from "./dialect.ts";

/** An account of MySQL or MariaDB: of several with the same name each has its own password and privileges. */
export interface Account {
  readonly user: string;
  /** The pattern of the hosts that it may log in from; empty for a role of MariaDB, `%` for one of MySQL. */
  readonly host: string;
}

/** Whether both are the same account: names are case-sensitive. */
export function isSameAccount(one: Account, other: Account): boolean {
  return one.user === other.user && one.host === other.host;
}

/** An account for people, on one line. Not for SQL. */
export function displayAccount({ user, host }: Account): string {
  return host === ""
    ? displayName(user)
    : `${displayName(user)}@${displayName(host)}`;
}

/** `USER@HOST` as the server writes it, such as `CURRENT_USER()` does. */
export function parseAccount(text: string): Account {
  // A host holds no "@"; a user's name may.
  const at = text.lastIndexOf("@");
  return at === -1
    ? { user: text, host: "" }
    : { user: text.slice(0, at), host: text.slice(at + 1) };
}

/** Accounts that the servers make for themselves, and RDS's own. */
const RESERVED =
  /^(?:rdsadmin|rds_.*|rdsrepladmin|rdsproxyadmin|root|public|none|mysql\..*|mariadb\.sys)$/i;

/** Whether the server or RDS has a use of its own for an account of this name. */
export function isReservedName(name: string): boolean {
  return RESERVED.test(name);
}

/** Why no account of an application can have this name; `undefined` when one can. */
function problemOf(name: string): string | undefined {
  if (name === "") return "it is empty, which means anybody";
  if (name.includes("\0")) return "it holds a NUL character";
  if (!name.isWellFormed()) return "it is not well-formed Unicode";
  // The tables of accounts are in utf8mb3.
  if (/[\u{10000}-\u{10ffff}]/u.test(name)) {
    return "it holds characters that the server has no room for in a name";
  }
  if (/\s$/.test(name)) return "the server cuts spaces at its end";
  if (isReservedName(name)) return "RDS or the server reserves it";
  return undefined;
}

/**
 * Refuses a name that no account or role of an application can have.
 *
 * @throws {RdsiamError} `usage`
 */
export function checkAccountName(name: string): void {
  refuse(name, problemOf(name));
}

/** How long names may be, in characters (manuals of MySQL, "Account User Names", and MariaDB, "CREATE USER"). */
const LONGEST: Readonly<Record<Dialect, number>> = { mysql: 32, mariadb: 128 };

/**
 * Refuses a name that is longer than this server takes.
 *
 * @throws {RdsiamError} `usage`
 */
export function checkAccountLength(name: string, dialect: Dialect): void {
  const length = [...name].length;
  const longest = LONGEST[dialect];
  refuse(
    name,
    length > longest
      ? `it has ${length} characters, and the server takes ${longest}`
      : undefined,
  );
}

function refuse(name: string, problem: string | undefined): void {
  if (problem === undefined) return;
  throw new RdsiamError(
    "usage",
    `User name ${displayName(name)} cannot be used: ${problem}`,
    { hint: "Choose another name" },
  );
}

/**
 * Refuses a text that is no pattern of hosts.
 *
 * @throws {RdsiamError} `usage`
 */
export function checkHostPattern(host: string): void {
  const isGood = /^[\w.%:/*-]{1,255}$/.test(host);
  if (isGood) return;
  throw new RdsiamError(
    "usage",
    `Host pattern ${
      displayName(host)
    } cannot be used: it is no host name or address`,
    { hint: "Such as '%', '10.%' or '10.0.0.0/255.0.0.0'" },
  );
}
