import { displayAccount } from "../../core/access/mysql/account.ts";
import { describeMysqlPlan } from "../../core/access/mysql/describe_plan.ts";
import { describeMysqlLoss } from "../../core/access/mysql/check/losses.ts";
import { scriptOf, statementsOf } from "../../core/access/mysql/statements.ts";
import type { MysqlOutcome } from "../../services/access/mysql/attempt.ts";
import type { LoginProof } from "../../services/access/mysql/prove_login.ts";
import type { NextSteps } from "./next_steps.ts";
import type { AccessReport } from "./report.ts";

/** What came of a wish in MySQL or MariaDB, for people and programs. */
export function mysqlReport(
  outcome: MysqlOutcome,
  proofs: readonly LoginProof[],
  next: NextSteps | undefined,
): AccessReport {
  const { plan, losses, objections, done, failure } = outcome;
  const { already, steps } = plan;
  const shown = failure === undefined ? steps : steps.slice(0, done);
  return {
    changes: steps.length,
    lines: describeMysqlPlan({ already, steps: shown }),
    script: scriptOf(plan),
    json: toJson(outcome, proofs, next),
    warnings: [
      ...losses.map(describeMysqlLoss),
      ...objections.map(({ cost }) => `Forced: ${cost}`),
      ...proofs.flatMap(({ problem }) => problem ?? []),
    ],
    notes: [
      ...plan.notices.map(({ message }) => message),
      ...proofs.flatMap(({ note }) => note ?? []),
    ],
    details: [],
    failure,
  };
}

function toJson(
  { plan, objections, losses, administrator, done }: MysqlOutcome,
  proofs: readonly LoginProof[],
  next: NextSteps | undefined,
): object {
  const { version, steps, already, notices } = plan;
  return {
    serverVersion: version.text,
    administrator,
    applied: done > 0 && done === steps.length,
    done,
    steps,
    sql: statementsOf(plan),
    already: already.map(({ step, through }) => ({ ...step, through })),
    notices,
    losses: losses.map((loss) => ({
      ...loss,
      message: describeMysqlLoss(loss),
    })),
    warnings: objections.map(({ kind, account, cost }) => ({
      kind,
      account: displayAccount(account),
      message: cost,
    })),
    logins: proofs.map(({ user, result, problem, note }) => ({
      user,
      result,
      message: problem ?? note,
    })),
    ...(next && { policy: next.policy, login: next.login }),
  };
}
