import { displayName } from "../access/identifier.ts";

/** The likely cause of a refusal, as far as its own words do not say it, and what to do. */
export interface LoginExplanation {
  why?: string;
  hint?: string;
}

/** Whether the server had asked for the token when it refused; the same words have other causes otherwise. */
export type Asked = "token" | "something-else";

const SEVERAL_HOSTS =
  "Make one with rdsiam setup-db; names are case-sensitive, and of several accounts of a name the one with the most specific host counts";

/** Why a server of MySQL or MariaDB refuses a login, by the number of its error (MySQL error reference; MariaDB's). */
export function explainMysqlRefusal(
  code: number,
  asked: Asked,
  { username, database }: { username: string; database: string },
): LoginExplanation {
  switch (code) {
    case 1045:
      return asked === "token"
        ? {
          why: "the database does not accept the token",
          hint:
            "Check that the AWS identity is allowed rds-db:connect for this user and database, and that the clock is right",
        }
        : noIamAccount(username);
    case 1044:
    case 1049:
      return {
        hint: `Grant something on database ${
          displayName(database)
        }, or name another`,
      };
    case 1524:
      return {
        why: "IAM authentication is off for this database, or unsupported",
        hint: "Turn it on with rdsiam policy --enable",
      };
    case 1040:
    case 1203:
    case 1226:
      return { hint: "Try again in a moment, or raise the limit" };
    case 1129:
      return { hint: "Run FLUSH HOSTS as the administrator" };
    case 3118:
    case 4151:
      return { hint: "ALTER USER … ACCOUNT UNLOCK lets the account in again" };
    default:
      return {};
  }
}

/** What it means that the server asks for something else than a token. */
export function noIamAccount(username: string): LoginExplanation {
  return {
    why: `the database has no IAM account for user ${displayName(username)}`,
    hint: SEVERAL_HOSTS,
  };
}
