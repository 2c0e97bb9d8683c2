import { quoteAccount } from "../../access/mysql/quote.ts";
import {
  explainMysqlRefusal,
  type MysqlRefusal,
  REFUSALS,
} from "../../database/mysql_login_refusal.ts";
import { displayName } from "../../access/identifier.ts";
import { commandFor } from "../command.ts";
import type { Finding, Symptom } from "../check.ts";
import {
  explainToken,
  isFromRdsProxy,
  type LoginEvidence,
  RDS_PROXY_SECRETS,
} from "./login.ts";
import { adminOptions, setupCommand } from "./role.ts";

/** Who the master user is where nothing says so: as the console of RDS proposes. */
export const MASTER = "admin";

/** It does so as not to tell which accounts there are. */
const MARIADB_ASKS_ALL =
  ", or there is no such account, where MariaDB may ask for a token all the same";

/** The likely cause of a refused login to MySQL or MariaDB, as far as no other check shows one. */
export function judgeMysqlRefusal(
  server: MysqlRefusal,
  evidence: LoginEvidence,
): Finding {
  const { target } = evidence;
  const { kind = "refused", why = server.message, hint } = explainMysqlRefusal(
    server.number,
    server.asked,
    target,
  );
  function failed(
    symptom: Symptom,
    detail: string = why,
    remedy: string | undefined = hint,
  ): Finding {
    return { status: "failed", kind, detail, remedy, symptom };
  }
  if (isFromRdsProxy(server.message)) {
    return failed("refused", server.message, RDS_PROXY_SECRETS);
  }
  const { words, admin, database } = evidence;
  const master = database?.database.masterUsername ?? MASTER;
  switch (server.number) {
    case REFUSALS.accessDenied:
      return server.asked === "token"
        ? failed(
          "token",
          ...explainToken(
            evidence,
            target.engine === "mariadb" ? MARIADB_ASKS_ALL : "",
          ),
        )
        : failed(
          "password",
          `the database has no IAM account for user ${
            displayName(target.username)
          }, where this machine logs in from (capitals matter)`,
          setupCommand(words, admin, master),
        );
    case REFUSALS.noPlugin:
      return failed(
        "password",
        why,
        commandFor(["policy"], words, { rest: ["--enable"] }),
      );
    case REFUSALS.databaseDenied:
      return failed(
        "refused",
        why,
        commandFor(["grant"], words, {
          rest: ["--preset", "readonly", ...adminOptions(admin, master)],
        }),
      );
    case REFUSALS.mustSetPassword:
      return failed("refused", why, setupCommand(words, admin, master));
    case REFUSALS.locked:
    case REFUSALS.lockedMariadb:
      return failed(
        "refused",
        "the account is locked",
        unlock(target.username),
      );
    default:
      return failed("refused");
  }
}

/** What lets an account in again that is locked. */
export function unlock(username: string, host = "%"): string {
  return `As the administrator: ALTER USER ${
    quoteAccount(username, host)
  } ACCOUNT UNLOCK`;
}
