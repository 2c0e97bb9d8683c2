import type { Protocol } from "../../engine/engine.ts";
import { ENGINES } from "../../engine/engines.ts";
import { findPassword } from "../../passfile/lookup.ts";
import { quoteForShell } from "../../text/quote_for_shell.ts";
import { dialledAddress } from "../../engine/login_target.ts";
import type { Target } from "../../target/target.ts";
import type { Finding } from "../check.ts";
import { commandFor, type TargetWords } from "../command.ts";
import { duration } from "../duration.ts";
import { faultOf } from "./stored.ts";

/** The variables that clients take a password from. */
export const PASSWORD_VARIABLES: Readonly<Record<Protocol, string>> = {
  postgres: "PGPASSWORD",
  mysql: "MYSQL_PWD",
};

/** Where clients find passwords by themselves. */
export interface StoredPasswords {
  /** `PGPASSWORD` or `MYSQL_PWD`. */
  variable: string | undefined;
  /** The passfile, which only libpq's have. */
  path: string;
  content:
    | { kind: "text"; text: string }
    | { kind: "missing" }
    | { kind: "ignored"; why: string };
}

/**
 * Whether what clients find in `PGPASSWORD` or the passfile lets them in.
 *
 * @param now milliseconds since the epoch
 */
export function judgePasswords(
  { variable, path, content }: StoredPasswords,
  target: Target,
  { now, words }: { now: number; words: TargetWords },
): Finding {
  if (variable) {
    const name = PASSWORD_VARIABLES[ENGINES[target.engine].protocol];
    return judge(name, variable, `unset ${name}`, target, now);
  }
  switch (content.kind) {
    case "missing":
      return { status: "ok", detail: "none kept; rdsiam exec needs none" };
    case "ignored":
      return {
        status: "warning",
        detail: `libpq ignores "${path}": ${content.why}`,
        remedy: `chmod 600 ${quoteForShell(path)}`,
      };
    case "text": {
      const found = findPassword(content.text, {
        host: target.host,
        port: dialledAddress(target).port,
        database: target.database,
        username: target.username,
      });
      return found === undefined
        ? {
          status: "ok",
          detail: `none for this database in "${path}"; rdsiam exec needs none`,
        }
        : judge(
          `the passfile's entry`,
          found.reveal(),
          commandFor(["pgpass", "sync"], words),
          target,
          now,
        );
    }
  }
}

function judge(
  where: string,
  password: string,
  remedy: string,
  target: Target,
  now: number,
): Finding {
  const fault = faultOf(password, target, now);
  switch (fault.kind) {
    case "good":
      return {
        status: "ok",
        detail: `${where} is good for ${duration(fault.leftMs)}`,
      };
    case "no token":
      return { status: "warning", detail: `${where} ${fault.why}`, remedy };
    default:
      return {
        status: "failed",
        kind: "refused",
        detail: `${where} ${fault.why}: clients that use it are refused`,
        remedy,
      };
  }
}
