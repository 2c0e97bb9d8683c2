import { checkHostPattern } from "../../core/access/mysql/account.ts";
import type { MysqlWish } from "../../core/access/mysql/wish.ts";
import type { Wish } from "../../core/access/wish.ts";
import type { DatabaseSession } from "../../core/database/database.ts";
import { RdsiamError } from "../../core/errors.ts";
import type { GivenFields } from "../../core/target/fields.ts";
import type { AttemptOptions } from "../../services/access/attempt.ts";
import { fulfil, type FulfilPorts } from "../../services/access/fulfil.ts";
import { fulfilMysql } from "../../services/access/mysql/fulfil.ts";
import { proveMysqlLogin } from "../../services/access/mysql/prove_login.ts";
import { mysqlReport } from "./mysql_report.ts";
import type { NextSteps } from "./next_steps.ts";
import { postgresReport } from "./postgres_report.ts";
import type { AccessReport } from "./report.ts";

/** What a command wishes, in the terms of each engine. */
export interface Wishes {
  postgres: (users: readonly string[]) => Wish;
  /** @param database the target's; empty for none */
  mysql: (users: readonly string[], database: string) => MysqlWish;
  /** It makes logins, which are tried, and whose next steps are told. */
  givesLogin: boolean;
}

/** The options that only one of the engines knows. */
export interface EngineOptions {
  hostPattern?: string;
  defaultPrivileges?: boolean;
}

/** What fulfilling a wish needs from outside. */
export interface AccessPorts extends FulfilPorts {
  /** Logs in as a user, with a token. */
  logInAs: (user: string) => Promise<DatabaseSession>;
  /** What is left to do before somebody can log in. */
  next: NextSteps | undefined;
}

/** Fulfils what has been read of the options; what makes no sense is refused before the network is asked. */
export type Fulfilment = (
  ports: AccessPorts,
  options: AttemptOptions,
) => Promise<AccessReport>;

/**
 * What is wished of PostgreSQL.
 *
 * @throws {RdsiamError} `usage`, when the options make no sense
 */
export function postgresFulfilment(
  { postgres }: Wishes,
  users: readonly string[],
  { hostPattern }: EngineOptions,
  given: GivenFields,
): Fulfilment {
  if (hostPattern !== undefined) {
    throw new RdsiamError(
      "usage",
      "--host-pattern is for MySQL and MariaDB: a role of PostgreSQL has no hosts",
      { hint: "Leave it out, or name the engine with --engine" },
    );
  }
  const wish = postgres(users);
  // The default database bears the user's name, which is nobody's guess for several.
  if (given.dbname === undefined && users.length > 1) {
    throw new RdsiamError("usage", "Database is missing", {
      hint: "Name it with --dbname: with several users there is no default",
    });
  }
  return async (ports, options) =>
    postgresReport(await fulfil(wish, ports, options), ports.next);
}

/**
 * What is wished of MySQL and MariaDB.
 *
 * @throws {RdsiamError} `usage`, when the options make no sense
 */
export function mysqlFulfilment(
  { mysql, givesLogin }: Wishes,
  users: readonly string[],
  { hostPattern, defaultPrivileges }: EngineOptions,
  given: GivenFields,
): Fulfilment {
  if (hostPattern !== undefined) checkHostPattern(hostPattern);
  const wish = mysql(users, given.dbname?.value ?? "");
  return async (ports, options) => {
    const outcome = await fulfilMysql(wish, ports, options);
    const isDone = options.apply && outcome.done > 0 &&
      outcome.failure === undefined;
    const proofs = givesLogin && isDone
      ? await Promise.all(
        users.map((user) => proveMysqlLogin(user, ports.logInAs)),
      )
      : [];
    const report = mysqlReport(outcome, proofs, ports.next);
    return defaultPrivileges
      ? { ...report, notes: [...report.notes, FUTURE_INCLUDED] }
      : report;
  };
}

const FUTURE_INCLUDED =
  "--default-privileges has nothing to add: what is granted on a database holds for tables that do not exist yet, too";
