import { displayAccount } from "../../../core/access/mysql/account.ts";
import {
  checkMysqlPlan,
  type MysqlJudgement,
} from "../../../core/access/mysql/check/check_plan.ts";
import { LOCK_SQL } from "../../../core/access/mysql/catalog_queries.ts";
import type { MysqlPlan } from "../../../core/access/mysql/plan.ts";
import { planMysql } from "../../../core/access/mysql/planner/planner.ts";
import { statementsOf } from "../../../core/access/mysql/statements.ts";
import {
  databasesOf,
  type MysqlWish,
} from "../../../core/access/mysql/wish.ts";
import { RdsiamError } from "../../../core/errors.ts";
import type { DatabaseSession } from "../../../core/database/database.ts";
import { SqlError } from "../../../core/database/sql_error.ts";
import type { AttemptOptions } from "../attempt.ts";
import { mysqlStatementError } from "./statement_errors.ts";
import { readMysqlCatalog } from "./read_catalog.ts";

/** What came of a wish. */
export interface MysqlOutcome extends MysqlJudgement {
  /** What was missing, and what was not. */
  plan: MysqlPlan;
  /** Who logged in to do it. */
  administrator: string;
  /** How many steps are done, from the first on. */
  done: number;
  /** Why the next one is not; `undefined`: no more were to be done. */
  failure: RdsiamError | undefined;
}

/**
 * Reads the catalog, plans, checks and applies. There are no transactions around accounts and grants: what is done before
 * a statement fails stays, and the outcome says how much that is.
 */
export async function attemptMysql(
  session: DatabaseSession,
  wish: MysqlWish,
  { apply, force }: AttemptOptions,
  signal?: AbortSignal,
): Promise<MysqlOutcome> {
  if (apply) await lock(session);
  const catalog = await readMysqlCatalog(session, {
    databases: databasesOf(wish),
    losing: wish.kind === "revoke",
  });
  const plan = planMysql(catalog, wish);
  const judgement = checkMysqlPlan(catalog, plan, { force });
  return {
    plan,
    ...judgement,
    administrator: displayAccount(catalog.administrator),
    ...(apply
      ? await runStatements(session, plan, signal)
      : { done: 0, failure: undefined }),
  };
}

/** Two that change the access do it one after the other. */
async function lock(session: DatabaseSession): Promise<void> {
  const [got] = await session.run(LOCK_SQL);
  if (got === "1") return;
  throw new RdsiamError(
    "failed",
    "Another rdsiam changes the access on this server, and does not come to an end",
    { hint: "Run the same again in a moment" },
  );
}

async function runStatements(
  session: DatabaseSession,
  plan: MysqlPlan,
  signal: AbortSignal | undefined,
): Promise<Pick<MysqlOutcome, "done" | "failure">> {
  const statements = statementsOf(plan);
  const count = statements.length;
  for (const [done, sql] of statements.entries()) {
    if (signal?.aborted) return { done, failure: stopped(done, count) };
    try {
      await session.run(sql);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      return {
        done,
        failure: mysqlStatementError(sql, error, { done, count }),
      };
    }
  }
  return { done: count, failure: undefined };
}

function stopped(done: number, count: number): RdsiamError {
  return new RdsiamError(
    "failed",
    `Stopped before the end: ${
      done === 0 ? "nothing changed" : `${done} of ${count} statements are done`
    }`,
    { hint: "Run the same again: it goes on where this stopped" },
  );
}
