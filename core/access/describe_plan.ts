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
  if (!("objects" in on)) {
    const schema = "schema" in on ? on.schema : null;
    return `${on.kind} ${displayName(on.name)}${
      schema === null ? "" : ` in schema ${displayName(schema)}`
    }`;
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

function granteeText(grantee: string | null): string {
  return grantee === null ? "PUBLIC" : displayName(grantee);
}

/** What a line of a plan says of a step that is to be taken, and of one that need not be. */
export interface Phrase {
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
    case "keep-membership": {
      const text = `role ${displayName(step.role)} for ${
        displayName(step.member)
      }, granted by ${displayName(step.grantor)} until now`;
      return { sign: "~", todo: `keep ${text}`, done: `kept: ${text}` };
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
    case "keep-privileges": {
      const column = step.column === null
        ? ""
        : `column ${displayName(step.column)} of `;
      const option = step.grantOption ? " with grant option" : "";
      const text = `${step.privileges.join(", ")} on ${column}${
        onText(step.on)
      } for ${granteeText(step.grantee)}${option}, granted by ${
        displayName(step.grantor)
      } until now`;
      return { sign: "~", todo: `keep ${text}`, done: `kept: ${text}` };
    }
    case "revoke-privileges": {
      const by = step.grantor === null
        ? ""
        : `, granted by ${displayName(step.grantor)}`;
      const text = `${step.privileges.join(", ")} on ${onText(step.on)} from ${
        granteeText(step.grantee)
      }${by}`;
      return { sign: "-", todo: `revoke ${text}`, done: `revoked: ${text}` };
    }
    case "grant-default-privileges": {
      const text = `${defaultText(step)} to ${granteeText(step.grantee)}`;
      return { sign: "+", todo: `grant ${text}`, done: `granted: ${text}` };
    }
    case "revoke-default-privileges": {
      const text = `${defaultText(step)} from ${granteeText(step.grantee)}`;
      return { sign: "-", todo: `revoke ${text}`, done: `revoked: ${text}` };
    }
    case "reassign-owned": {
      const counts = Object.entries(step.counts)
        .map(([type, count]) => `${count} ${type}`);
      const text = `what ${displayName(step.role)} owns (${
        counts.join(", ")
      }) to ${displayName(step.to)}`;
      return {
        sign: "~",
        todo: `reassign ${text}`,
        done: `reassigned: ${text}`,
      };
    }
    case "drop-user-mapping": {
      const text = `user mapping of ${displayName(step.role)} for server ${
        displayName(step.server)
      }`;
      return { sign: "-", todo: `drop ${text}`, done: `gone: ${text}` };
    }
    case "narrow-policy": {
      const policy = `policy ${displayName(step.name)} on table ${
        displayName(step.table)
      } in schema ${displayName(step.schema)}`;
      const from = step.from.map(displayName).join(", ");
      return step.to.length === 0
        ? {
          sign: "-",
          todo: `drop ${policy}, which is for ${from} alone`,
          done: `gone: ${policy}`,
        }
        : {
          sign: "-",
          todo: `take ${from} out of ${policy}`,
          done: `without ${from}: ${policy}`,
        };
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
  } ${
    step.schema === null
      ? "in every schema"
      : `in schema ${displayName(step.schema)}`
  }`;
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
