import { displayName } from "../core/access/identifier.ts";
import { type ErrorKind, RdsiamError } from "../core/errors.ts";
import type { DatabaseLogin } from "../core/ports.ts";

interface Refusal {
  kind: ErrorKind;
  why: string;
  hint: string;
}

/** What the server says to a login that it does not let in, as far as it matters. */
export interface ServerError {
  /** The SQLSTATE. */
  code: string;
  message: string;
}

/** What RDS means by it: the same words have other causes for a token than for a password. */
function refusalOf({ code, message }: ServerError, login: DatabaseLogin) {
  const isToken = login.method === "token";
  const isPam = message.startsWith("PAM authentication failed");
  function refused(why: string, hint: string): Refusal {
    return { kind: "refused", why, hint };
  }
  switch (code) {
    case "28P01":
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
        return refused(message, "The server's access rules let nobody in so");
      }
      return isToken
        ? refused(
          "the database does not accept the token",
          "Check that the AWS identity is allowed rds-db:connect for this role and database, and that the clock is right",
        )
        : refused(
          "the role is in rds_iam, which takes no password",
          "Add --admin-iam to log in with a token",
        );
    case "3D000":
      return {
        kind: "usage",
        why: `database ${displayName(login.database)} does not exist`,
        hint: "Name the database with --dbname",
      } satisfies Refusal;
    case "42501":
      return refused(
        `the role lacks CONNECT on database ${displayName(login.database)}`,
        "Log in as the database's owner, or name another with --dbname",
      );
    case "53300":
    case "57P03":
      return {
        kind: "unreachable",
        why: message,
        hint: "Try again in a moment",
      } satisfies Refusal;
    default:
      return refused(message, "See the log of the database");
  }
}

/** Says in one line why the database did not let somebody in, and what to do. */
export function explainRefusal(
  error: ServerError,
  login: DatabaseLogin,
  cause: unknown,
): RdsiamError {
  const { kind, why, hint } = refusalOf(error, login);
  return new RdsiamError(
    kind,
    `Login as ${displayName(login.username)} failed: ${why}`,
    { hint, cause },
  );
}
