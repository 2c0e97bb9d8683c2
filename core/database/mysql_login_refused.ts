import { displayName } from "../access/identifier.ts";
import { type ErrorKind, RdsiamError } from "../errors.ts";
import type { RefusedLogin } from "./login_refusal.ts";
import {
  type Asked,
  explainMysqlRefusal,
  noIamAccount,
} from "./mysql_login_refusal.ts";

/** What a server of MySQL or MariaDB says to a login that it does not let in. */
export interface MysqlServerError {
  /** The number of the error. */
  errno: number;
  message: string;
}

/** The numbers of errors that pass by themselves: limits of connections. */
const LIMITS = new Set([1040, 1203, 1226]);

/** A login that a server of MySQL or MariaDB did not let in. */
export class MysqlLoginRefused extends RdsiamError {
  /** What the server said; `undefined` where it was not sent what it asked for. */
  readonly server: MysqlServerError | undefined;
  /** Whether it had asked for a token. */
  readonly asked: Asked;

  /** Says in one line why, and what to do. */
  constructor(
    server: MysqlServerError | undefined,
    asked: Asked,
    login: RefusedLogin,
    cause: unknown,
  ) {
    const { why, hint } = explain(server, asked, login);
    super(
      kindOf(server),
      `Login as ${displayName(login.username)} failed: ${why}`,
      {
        ...(hint !== undefined && { hint }),
        cause,
      },
    );
    this.server = server;
    this.asked = asked;
  }
}

function kindOf(server: MysqlServerError | undefined): ErrorKind {
  if (server === undefined) return "refused";
  if (LIMITS.has(server.errno)) return "unreachable";
  return server.errno === 1049 ? "usage" : "refused";
}

function explain(
  server: MysqlServerError | undefined,
  asked: Asked,
  login: RefusedLogin,
): { why: string; hint?: string } {
  if (login.method === "password") {
    if (asked === "token") {
      return {
        why: "the account logs in with a token, and takes no password",
        hint: "Add --admin-iam to log in with a token",
      };
    }
    if (server?.errno === 1045) {
      return {
        why:
          `the password is wrong, or there is no such user (${server.message})`,
        hint:
          "Check the name (capitals matter) and the password in MYSQL_PWD or the passfile",
      };
    }
  }
  const found = server === undefined
    ? noIamAccount(login.username)
    : explainMysqlRefusal(server.errno, asked, login);
  const said = server?.message ?? "";
  return { why: said, ...found };
}
