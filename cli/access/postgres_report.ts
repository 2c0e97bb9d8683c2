import { describePlan } from "../../core/access/describe_plan.ts";
import { describeLoss } from "../../core/access/check/describe_loss.ts";
import { lossObject } from "../../core/access/check/loss.ts";
import type { Lockout } from "../../core/access/check/lockout.ts";
import type { Step } from "../../core/access/plan.ts";
import {
  scriptOf,
  statementsOf,
} from "../../core/access/postgres/statements.ts";
import type { Outcome } from "../../services/access/attempt.ts";
import type { NextSteps } from "./next_steps.ts";
import type { AccessReport } from "./report.ts";

/** What came of a wish in PostgreSQL, for people and programs. */
export function postgresReport(
  outcome: Outcome,
  next: NextSteps | undefined,
): AccessReport {
  const { plan, losses, lockouts, isApplied } = outcome;
  // What was applied has been proven.
  const isProven = ({ kind }: Lockout) =>
    isApplied && kind === "administrator-admin-option";
  return {
    changes: plan.steps.length,
    lines: describePlan(plan),
    script: scriptOf(plan),
    json: toJson(outcome, next),
    warnings: [
      ...losses.map(describeLoss),
      ...lockouts.filter((each) => !isProven(each)).map(warningOf),
    ],
    notes: plan.notices.map(({ message }) => message),
    details: lockouts.filter(isProven).map(({ roles }) =>
      `${roles.join(", ")} can still log in`
    ),
  };
}

function warningOf({ message, cost }: Lockout): string {
  return cost === undefined ? message : `Forced: ${cost}`;
}

function toJson(
  { plan, lockouts, losses, administrator, isApplied }: Outcome,
  next: NextSteps | undefined,
): object {
  const { database, serverVersion, steps, already, notices } = plan;
  return {
    database,
    serverVersion,
    administrator,
    applied: isApplied,
    steps,
    sql: statementsOf(plan).map(({ sql }) => sql),
    already: already.map(({ step, through }) => ({
      ...withoutNames(step),
      through,
    })),
    notices,
    losses,
    regranted: plan.steps.flatMap(regranted),
    warnings: lockouts.map((lockout) => ({
      kind: lockout.kind,
      roles: lockout.roles,
      message: warningOf(lockout),
    })),
    ...(next && { policy: next.policy, login: next.login }),
  };
}

/** What somebody keeps although who granted it goes, one entry for each object and privilege. */
function regranted(step: Step): readonly object[] {
  if (step.kind === "keep-membership") {
    const { role, member, admin, grantor } = step;
    return [
      { kind: "membership", privilege: "MEMBER" },
      ...(admin ? [{ kind: "membership", privilege: "ADMIN" }] : []),
    ].map((kept) => ({
      role: member,
      ...kept,
      grantOption: false,
      object: lossObject({ kind: "role", name: role }),
      grantor,
    }));
  }
  if (step.kind !== "keep-privileges") return [];
  const { on, privileges, grantee, grantOption, column, grantor } = step;
  const objects = "objects" in on
    ? on.objects === "all" ? [] : on.objects
    : [{ name: on.name, argumentTypes: [] }];
  return objects.flatMap(({ name, argumentTypes }) =>
    privileges.map((privilege) => ({
      role: grantee ?? "PUBLIC",
      kind: "privilege",
      privilege,
      grantOption,
      object: lossObject({
        kind: on.kind,
        schema: "schema" in on ? on.schema : null,
        name,
        column,
        argumentTypes,
      }),
      grantor,
    }))
  );
}

/** Thousands of names of what is as it should be are of no use to anybody. */
function withoutNames(step: Step): object {
  if (!("on" in step) || !("objects" in step.on)) return step;
  const { objects: _, ...on } = step.on;
  return { ...step, on };
}
