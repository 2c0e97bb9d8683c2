import { displayName } from "../access/identifier.ts";
import { type ErrorKind, RdsiamError } from "../errors.ts";
import type { DatabaseLogin } from "./database.ts";

/** Who was to log in, and with what. */
export type RefusedLogin = Pick<
  DatabaseLogin,
  "username" | "database" | "method"
>;

/** Why a login was refused, in words for people. */
export interface RefusalCause {
  kind: ErrorKind;
  /** The likely cause. */
  why: string;
  /** What to do. */
  hint: string;
}

/** What the server says to a login that it does not let in, as far as it matters. */
export interface ServerError {
  /** The SQLSTATE. */
  code: string;
  message: string;
}

const TOKEN_REFUSED = "the database does not accept the token";
const CHECK_IDENTITY =
  "Check that the AWS identity is allowed rds-db:connect for this role and database, and that the clock is right";

/** Whether it is IAM that refused: through PAM on RDS and Aurora, in its own words on RDS Proxy. */
export function isIamRefusal(message: string): boolean {
  // deno-lint-ignore rdsiam/no-prose -- RDS's own
  return /^PAM authentication failed|^The IAM authentication failed/
    .test(message);
}

/** Whether a token was refused, so that a new one may do. */
export function isTokenRefusal({ code, message }: ServerError): boolean {
  return code === "28P01" || code === "28000" && isIamRefusal(message);
}

/** What RDS means by it: the same words have other causes for a token than for a password. */
export function refusalCause(
  { code, message }: ServerError,
  login: RefusedLogin,
): RefusalCause {
  const isToken = login.method === "token";
  const isPam = isIamRefusal(message);
  function refused(why: string, hint: string): RefusalCause {
    return { kind: "refused", why, hint };
  }
  switch (code) {
    case "28P01":
      if (isPam && isToken) return refused(TOKEN_REFUSED, CHECK_IDENTITY);
      return isToken
        ? refused(
          "the database took the token for a password",
          "The role is missing (capitals matter) or not in rds_iam, or IAM authentication is off for this database",
        )
        : refused(
          "the password is wrong, or there is no such role",
          "Check the name (capitals matter) and the password in PGPASSWORD or the passfile",
        );
    case "28000":
      if (!isPam) {
        return refused(
          message,
          "The server's access rules do not allow this login",
        );
      }
      return isToken ? refused(TOKEN_REFUSED, CHECK_IDENTITY) : refused(
        "the role is in rds_iam, which takes no password",
        "Add --admin-iam to log in with a token",
      );
    case "3D000":
      return {
        kind: "usage",
        why: `database ${displayName(login.database)} does not exist`,
        hint: "Name the database with --dbname",
      };
    case "42501":
      return refused(
        `the role lacks CONNECT on database ${displayName(login.database)}`,
        "Log in as the database's owner, or name another with --dbname",
      );
    case "53300":
      return {
        kind: "unreachable",
        why: message,
        hint:
          "Try again when others have left; ALTER ROLE, or ALTER DATABASE, with CONNECTION LIMIT raises a limit of its own",
      };
    case "57P03":
      return {
        kind: "unreachable",
        why: message,
        hint: "Try again in a moment",
      };
    default:
      return refused(message, "See the log of the database");
  }
}

/** A login that the database did not let in. */
export class LoginRefused extends RdsiamError {
  /** What the server said. */
  readonly server: ServerError;

  /** Says in one line why, and what to do. */
  constructor(server: ServerError, login: RefusedLogin, cause: unknown) {
    const { kind, why, hint } = refusalCause(server, login);
    super(kind, `Login as ${displayName(login.username)} failed: ${why}`, {
      hint,
      cause,
    });
    this.server = { code: server.code, message: server.message };
  }
}
