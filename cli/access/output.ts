import {
  describePlan,
  type PlanLine,
} from "../../core/access/describe_plan.ts";
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
import type { Output, Reporter } from "../frame/output.ts";
import { paint, type Style } from "../frame/paint.ts";

/** The form that an outcome is printed in. */
export type AccessFormat = "lines" | "sql" | "json";

const STYLES: Record<PlanLine["sign"], Style> = {
  "+": "green",
  "-": "red",
  "~": "yellow",
  "=": "dim",
};

/** Prints what was, or would be, changed. */
export function printOutcome(
  outcome: Outcome,
  { format, next, hasColor }: {
    format: AccessFormat;
    next: NextSteps | undefined;
    hasColor: boolean;
  },
  stdout: Output,
): void {
  switch (format) {
    case "sql":
      return stdout.write(scriptOf(outcome.plan));
    case "json":
      return stdout.write(`${JSON.stringify(toJson(outcome, next))}\n`);
    case "lines":
      for (const { sign, text } of describePlan(outcome.plan)) {
        const line = `${sign} ${text}`;
        stdout.write(`${hasColor ? paint(STYLES[sign], line) : line}\n`);
      }
  }
}

/** Tells what else there is to say: notices, and whose login is touched. */
export function tellAside(
  { plan, lockouts, losses, isApplied }: Outcome,
  reporter: Reporter,
): void {
  for (const loss of losses) reporter.warn(describeLoss(loss));
  for (const { message } of plan.notices) reporter.info(`note: ${message}`);
  for (const lockout of lockouts) {
    // What was applied has been proven.
    if (isApplied && lockout.kind === "administrator-admin-option") {
      reporter.detail(`${lockout.roles.join(", ")} can still log in`);
    } else reporter.warn(warningOf(lockout));
  }
}

function warningOf({ message, cost }: Lockout): string {
  return cost === undefined ? message : `Forced: ${cost}`;
}

function toJson(
  { plan, lockouts, losses, administrator, isApplied }: Outcome,
  next: NextSteps | undefined,
) {
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
