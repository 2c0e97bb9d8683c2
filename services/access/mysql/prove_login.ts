import { displayName } from "../../../core/access/identifier.ts";
import { errorMessage, RdsiamError } from "../../../core/errors.ts";
import type { DatabaseSession } from "../../../core/database/database.ts";
import { MysqlLoginRefused } from "../../../core/database/mysql_login_refusal.ts";

/** What a login with a token, tried after the account was made, has shown. */
export interface LoginProof {
  user: string;
  result:
    /** It got in. */
    | "in"
    /** The server asked for a token and refused this one: it is the AWS identity's matter. */
    | "token-refused"
    /** The server asked for something else: it has taken another account of that name. */
    | "other-account"
    /** It was not tried, or did not come so far. */
    | "untried";
  /** What stands against it. */
  problem?: string;
  /** What else there is to say. */
  note?: string;
}

/**
 * Proves that a user can log in with a token now. A token that is refused is no failure of the account: whether the AWS
 * identity may connect is the next step.
 */
export async function proveMysqlLogin(
  user: string,
  logIn: (user: string) => Promise<DatabaseSession>,
): Promise<LoginProof> {
  const who = displayName(user);
  try {
    await using _session = await logIn(user);
    return { user, result: "in", note: `${who} has logged in with a token` };
  } catch (cause) {
    if (cause instanceof MysqlLoginRefused) return refused(user, cause);
    if (!(cause instanceof RdsiamError)) throw cause;
    return {
      user,
      result: "untried",
      note: `A login as ${who} was not tried: ${errorMessage(cause)}`,
    };
  }
}

function refused(
  user: string,
  { server, message }: MysqlLoginRefused,
): LoginProof {
  const who = displayName(user);
  if (server.asked === "something-else") {
    return {
      user,
      result: "other-account",
      problem:
        `A login as ${who} from here was asked for something else than a token: another account of that name, or none, matches this host`,
    };
  }
  return server.number === 1045
    ? {
      user,
      result: "token-refused",
      note:
        `The server asks ${who} for a token, and does not take that of this AWS identity: it has no rds-db:connect, or not yet`,
    }
    : { user, result: "untried", problem: message };
}
