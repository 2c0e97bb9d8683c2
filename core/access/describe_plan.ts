import { displayName } from "./identifier.ts";
import type { On, Plan, Step } from "./plan.ts";

/** Up to so many objects are named; more are counted. */
const NAMED = 3;

/** A line of a plan for people. */
export interface PlanLine {
  /** `+` gives, `-` takes away, `~` changes, `=` is there already. */
  readonly sign: "+" | "-" | "~" | "=";
  readonly text: string;
}

function onText(on: On): string {
  if (on.kind === "database" || on.kind === "schema") {
    return `${on.kind} ${displayName(on.name)}`;
  }
  const kind = on.count === 1 ? on.kind : `${on.kind}s`;
  const where = `in schema ${displayName(on.schema)}`;
  if (on.objects === "all") {
    return on.count === 1
      ? `the only ${kind} ${where}`
      : `all ${on.count} ${kind} ${where}`;
  }
  if (on.count > NAMED) return `${on.count} ${kind} ${where}`;
  const names = on.objects.map(({ name }) => displayName(name));
  return `${kind} ${names.join(", ")} ${where}`;
}

interface Phrase {
  readonly sign: "+" | "-" | "~";
  readonly todo: string;
  readonly done: string;
}

function phraseOf(step: Step): Phrase {
  switch (step.kind) {
    case "create-role": {
      const role = `role ${displayName(step.role)}`;
      return {
        sign: "+",
        todo: `create ${step.login ? "login" : "group"} ${role}`,
        done: `there: ${role}`,
      };
    }
    case "allow-login": {
      const role = displayName(step.role);
      return {
        sign: "~",
        todo: `let role ${role} log in`,
        done: `able to log in: ${role}`,
      };
    }
    case "grant-membership": {
      const text = `role ${displayName(step.role)} to ${
        displayName(step.member)
      }`;
      return { sign: "+", todo: `grant ${text}`, done: `granted: ${text}` };
    }
    case "revoke-membership": {
      const by = step.grantor === null
        ? ""
        : `, granted by ${displayName(step.grantor)}`;
      const text = `role ${displayName(step.role)} from ${
        displayName(step.member)
      }${by}`;
      return { sign: "-", todo: `revoke ${text}`, done: `revoked: ${text}` };
    }
    case "grant-privileges": {
      const text = `${step.privileges.join(", ")} on ${onText(step.on)} to ${
        displayName(step.grantee)
      }`;
      return { sign: "+", todo: `grant ${text}`, done: `granted: ${text}` };
    }
    case "revoke-privileges": {
      const by = step.as === null ? "" : `, granted by ${displayName(step.as)}`;
      const text = `${step.privileges.join(", ")} on ${onText(step.on)} from ${
        displayName(step.grantee)
      }${by}`;
      return { sign: "-", todo: `revoke ${text}`, done: `revoked: ${text}` };
    }
    case "grant-default-privileges": {
      const text = `${defaultText(step)} to ${displayName(step.grantee)}`;
      return { sign: "+", todo: `grant ${text}`, done: `granted: ${text}` };
    }
    case "revoke-default-privileges": {
      const text = `${defaultText(step)} from ${displayName(step.grantee)}`;
      return { sign: "-", todo: `revoke ${text}`, done: `revoked: ${text}` };
    }
    case "reassign-owned": {
      const text = `what ${displayName(step.role)} owns to ${
        displayName(step.to)
      }`;
      return {
        sign: "~",
        todo: `reassign ${text}`,
        done: `reassigned: ${text}`,
      };
    }
    case "drop-owned": {
      const text = `all privileges and default privileges of ${
        displayName(step.role)
      } in this database`;
      return { sign: "-", todo: `revoke ${text}`, done: `revoked: ${text}` };
    }
    case "drop-role": {
      const role = `role ${displayName(step.role)}`;
      return { sign: "-", todo: `drop ${role}`, done: `gone: ${role}` };
    }
  }
}

function defaultText(
  step: Extract<
    Step,
    { kind: "grant-default-privileges" | "revoke-default-privileges" }
  >,
): string {
  return `${step.privileges.join(", ")} on future ${step.objects}s of ${
    displayName(step.owner)
  } in schema ${displayName(step.schema)}`;
}

/** A plan for people, like a diff: first what is there already, then what changes, in order. Each is one line. */
export function describePlan(plan: Plan): readonly PlanLine[] {
  return [
    ...plan.already.map(({ step, through }): PlanLine => {
      const how = through === null
        ? ""
        : through === "PUBLIC"
        ? " (through PUBLIC)"
        : ` (through ${displayName(through)})`;
      return { sign: "=", text: `already ${phraseOf(step).done}${how}` };
    }),
    ...plan.steps.map((step): PlanLine => {
      const { sign, todo } = phraseOf(step);
      return { sign, text: todo };
    }),
  ];
}
