import { displayName } from "../access/identifier.ts";
import { type ErrorKind, RdsiamError } from "../errors.ts";
import type { RefusedLogin } from "./login_refusal.ts";

/** The likely cause of a refusal, as far as its own words do not say it, and what to do. */
export interface LoginExplanation {
  /** `refused` where it is left out. */
  kind?: ErrorKind;
  why?: string;
  hint?: string;
}

/**
 * What the server had asked for when it refused; the same words have different causes. `token`: for the token, as it asks
 * for those of IAM accounts alone. `password`: a password was sent.
 */
export type Asked = "token" | "something-else" | "password";

/** What a server of MySQL or MariaDB says to a login that it does not let in. */
export interface MysqlRefusal {
  /** The number of its error: 1045. */
  number: number;
  message: string;
  asked: Asked;
}

/** The numbers by which servers of MySQL and MariaDB refuse logins (MySQL error reference; MariaDB's). */
export const REFUSALS = {
  tooManyConnections: 1040,
  databaseDenied: 1044,
  accessDenied: 1045,
  noSuchDatabase: 1049,
  hostBlocked: 1129,
  hostNotAllowed: 1130,
  userConnections: 1203,
  userLimit: 1226,
  noPlugin: 1524,
  locked: 3118,
  insecure: 3159,
  lockedMariadb: 4151,
  mustSetPassword: 1820,
} as const;

const LIMIT: LoginExplanation = {
  kind: "unreachable",
  hint: "Try again in a moment, or raise the limit",
};

const LOCKED: LoginExplanation = {
  hint: "ALTER USER … ACCOUNT UNLOCK lets the account in again",
};

/** Why a server of MySQL or MariaDB refuses a login, by the number of its error. */
export function explainMysqlRefusal(
  number: number,
  asked: Asked,
  { username, database }: { username: string; database: string },
): LoginExplanation {
  switch (number) {
    case REFUSALS.accessDenied:
      return explainDenied(asked, username);
    case REFUSALS.noSuchDatabase:
      return {
        kind: "usage",
        hint: "Name the database with --dbname",
      };
    case REFUSALS.databaseDenied:
      return {
        hint: `Grant something on database ${
          displayName(database)
        }, or name another`,
      };
    case REFUSALS.noPlugin:
      return {
        why: "IAM authentication is off for this database, or unsupported",
        hint: "Turn it on with rdsiam policy --enable",
      };
    case REFUSALS.tooManyConnections:
    case REFUSALS.userConnections:
    case REFUSALS.userLimit:
      return LIMIT;
    case REFUSALS.hostBlocked:
      return {
        kind: "unreachable",
        hint: "Run FLUSH HOSTS as the administrator",
      };
    case REFUSALS.hostNotAllowed:
      return {
        why: "no account of the database is for this machine's address",
        hint:
          "Make one for it with rdsiam setup-db: its --host-pattern is % by default, any address",
      };
    case REFUSALS.insecure:
      return {
        kind: "unreachable",
        hint: "Something between takes TLS off: check the tunnel",
      };
    case REFUSALS.locked:
    case REFUSALS.lockedMariadb:
      return LOCKED;
    case REFUSALS.mustSetPassword:
      return {
        why: "the account's password has expired, though it has none",
        hint:
          "Run rdsiam setup-db for it again: that makes it an account of tokens anew",
      };
    default:
      return {};
  }
}

/** What it means that the server asks for something else than a token. */
export function noIamAccount(username: string): LoginExplanation {
  return {
    why: `the database has no IAM account for user ${displayName(username)}`,
    hint:
      "Make one with rdsiam setup-db; names are case-sensitive, and of several accounts of a name the one with the most specific host counts",
  };
}

function explainDenied(asked: Asked, username: string): LoginExplanation {
  switch (asked) {
    case "token":
      return {
        why: "the database does not accept the token",
        hint:
          "Check that the AWS identity is allowed rds-db:connect for this user and database, that the clock is right, and on MariaDB that there is such an account",
      };
    case "something-else":
      return noIamAccount(username);
    case "password":
      return {
        why: "the password is wrong, or there is no such account",
        hint:
          "Check the name (capitals matter) and the password in MYSQL_PWD; an IAM account takes --admin-iam",
      };
  }
}

/** A login that a server of MySQL or MariaDB did not let in. */
export class MysqlLoginRefused extends RdsiamError {
  /** What the server said. */
  readonly server: MysqlRefusal;

  /**
   * Says in one line why, and what to do.
   *
   * @param login who was to log in; without it, the server took no connection
   */
  constructor(
    server: MysqlRefusal,
    login?: Omit<RefusedLogin, "method">,
    cause?: unknown,
  ) {
    const { number, asked, message } = server;
    const { username, database } = login ?? { username: "", database: "" };
    const { kind = "refused", why = message, hint } = explainMysqlRefusal(
      number,
      asked,
      { username, database },
    );
    const what = login === undefined
      ? "Connection refused"
      : `Login as ${displayName(username)} failed`;
    super(kind, `${what}: ${why}`, {
      ...(hint !== undefined && { hint }),
      cause,
    });
    this.server = { number, asked, message };
  }
}
