import {
  CATALOG_SQL,
  PREPARE_SQL,
  RESTORE_SQL,
} from "../../core/access/postgres/catalog_queries.ts";
import { decodeCatalog } from "../../core/access/postgres/catalog_decode.ts";
import { checkPlan } from "../../core/access/check/check_plan.ts";
import type { Loss } from "../../core/access/check/loss.ts";
import type { Lockout } from "../../core/access/check/lockout.ts";
import type { Plan } from "../../core/access/plan.ts";
import { plan as makePlan } from "../../core/access/planner/planner.ts";
import { statementsOf } from "../../core/access/postgres/statements.ts";
import { scopeOf, type Wish } from "../../core/access/wish.ts";
import type { DatabaseSession } from "../../core/database/database.ts";
import { SqlError } from "../../core/database/sql_error.ts";
import { statementError } from "./statement_errors.ts";
import { inTransaction } from "./transaction.ts";

/** How to go about a wish. */
export interface AttemptOptions {
  /** Change what is missing; otherwise only say what that would be. */
  apply: boolean;
  /** Take logins and privileges from others where it comes to it. */
  force: boolean;
}

/** What came of a wish. */
export interface Outcome {
  /** What was missing, and what was not. */
  plan: Plan;
  /** Whose logins it touches. */
  lockouts: readonly Lockout[];
  /** What it takes from anybody beside what was asked for. */
  losses: readonly Loss[];
  /** Who logged in to do it. */
  administrator: string;
  /** Whether anything changed. */
  isApplied: boolean;
}

/** Reads the catalog, plans, checks and applies: all in one transaction, so that the plan fits what it is applied to. */
export async function attempt(
  session: DatabaseSession,
  wish: Wish,
  { apply, force }: AttemptOptions,
  signal?: AbortSignal,
): Promise<Outcome> {
  const scope = JSON.stringify(scopeOf(wish));
  return await inTransaction(session, async () => {
    for (const sql of PREPARE_SQL) await session.run(sql);
    const [text = ""] = await session.run(CATALOG_SQL, [scope]);
    await session.run(RESTORE_SQL);
    const catalog = decodeCatalog(text);
    const plan = makePlan(catalog, wish);
    const judgement = checkPlan(catalog, plan, { force });
    const isApplied = apply && plan.steps.length > 0;
    if (isApplied) await runStatements(session, plan);
    const administrator = catalog.sessionUser;
    return {
      result: { plan, ...judgement, administrator, isApplied },
      commit: isApplied,
    };
  }, signal);
}

/** Runs the statements of a plan, and says of one that fails which it was. */
export async function runStatements(
  session: DatabaseSession,
  plan: Plan,
): Promise<void> {
  for (const { sql } of statementsOf(plan)) {
    try {
      await session.run(sql);
    } catch (error) {
      throw error instanceof SqlError && !error.isConnectionLost
        ? statementError(sql, error)
        : error;
    }
  }
}
