import { refuseFor, refuseLosses } from "../../refuse.ts";
import type { MysqlCatalog } from "../catalog.ts";
import { describeMysqlLosses, type MysqlLoss, mysqlLosses } from "./losses.ts";
import { mysqlGains } from "./gains.ts";
import { mysqlLockouts } from "./lockout.ts";
import type { MysqlObjection } from "./objection.ts";
import type { MysqlPlan } from "../plan.ts";

/** What to tell of a plan although nothing stops it. */
export interface MysqlJudgement {
  readonly objections: readonly MysqlObjection[];
  readonly losses: readonly MysqlLoss[];
}

/**
 * Checks that a plan is safe and can be carried out before any of it is tried.
 *
 * @param force do what costs others logins or privileges; the administrator is never locked out
 * @returns what to tell although nothing stops it
 * @throws {RdsiamError} `usage`, when it would lock somebody out or costs others something; `failed`, when nothing can be
 * changed on this server
 */
export function checkMysqlPlan(
  catalog: MysqlCatalog,
  plan: MysqlPlan,
  { force }: { readonly force: boolean },
): MysqlJudgement {
  const objections = [
    ...mysqlLockouts(catalog, plan),
    ...mysqlGains(catalog, plan),
  ];
  for (const severity of force ? ["refuse"] : ["refuse", "force"]) {
    refuseFor(
      "usage",
      objections.filter((each) => each.severity === severity).map((
        { cost, hint },
      ) => ({ message: `Refused: ${cost}`, hint })),
    );
  }
  const losses = mysqlLosses(catalog, plan);
  const refused = losses.filter((loss) => loss.force);
  if (!force) refuseLosses(refused.length, describeMysqlLosses(refused));
  if (catalog.isReadOnly && plan.steps.length > 0) {
    refuseFor("failed", [{
      message: "Nothing can be changed here: this server is read-only",
      hint: "Use the writer endpoint",
    }]);
  }
  return { objections, losses };
}
