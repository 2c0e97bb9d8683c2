import type { Phrase, PlanLine } from "../describe_plan.ts";
import { displayName } from "../identifier.ts";
import { displayAccount } from "./account.ts";
import type { Holding } from "./catalog.ts";
import type { AccountChange, MysqlPlan, MysqlStep } from "./plan.ts";

/** What privileges are held on, for people. */
export function describeHolding(on: Holding): string {
  if (on.kind === "database") {
    return on.name === null
      ? `databases like ${displayName(on.pattern)}`
      : `database ${displayName(on.name)}`;
  }
  return `${on.kind} ${displayName(on.name)} of database ${
    displayName(on.database)
  }`;
}

const CHANGES: Readonly<Record<AccountChange, string>> = {
  iam: "log in with IAM",
  tls: "require TLS",
  unlock: "unlocked",
  expiry: "its password no longer expired",
};

function phraseOf(step: MysqlStep): Phrase {
  switch (step.kind) {
    case "create-account": {
      const account = `IAM account ${displayAccount(step.account)}`;
      return {
        sign: "+",
        todo: `create ${account}`,
        done: `there: ${account}`,
      };
    }
    case "change-account": {
      const account = displayAccount(step.account);
      const changes = step.changes.map((change) => CHANGES[change]).join(", ");
      return {
        sign: "~",
        todo: `change account ${account}: ${changes}`,
        done: `changed: account ${account}`,
      };
    }
    case "lock-account": {
      const account = `account ${displayAccount(step.account)}`;
      return { sign: "-", todo: `lock ${account}`, done: `locked: ${account}` };
    }
    case "drop-account": {
      const account = `account ${displayAccount(step.account)}`;
      return { sign: "-", todo: `drop ${account}`, done: `gone: ${account}` };
    }
    case "create-role": {
      const role = `role ${displayName(step.role.user)}`;
      return { sign: "+", todo: `create ${role}`, done: `there: ${role}` };
    }
    case "grant-role": {
      const text = `role ${displayName(step.role.user)} to ${
        displayAccount(step.account)
      }`;
      return { sign: "+", todo: `grant ${text}`, done: `granted: ${text}` };
    }
    case "revoke-role": {
      const text = `role ${displayName(step.role.user)} from ${
        displayAccount(step.account)
      }`;
      return { sign: "-", todo: `revoke ${text}`, done: `revoked: ${text}` };
    }
    case "default-roles": {
      const roles = step.roles.map(({ user }) => displayName(user)).join(", ");
      const text = `default role of ${displayAccount(step.account)}: ${
        roles || "none"
      }`;
      return { sign: "~", todo: text, done: text };
    }
    case "grant": {
      const { kept } = step;
      const text = `${step.privileges.join(", ")} on ${
        describeHolding(step.on)
      } to ${displayAccount(step.account)}`;
      const until = kept.length === 0
        ? ""
        : ` (${kept.join(", ")}: by a wider pattern until now)`;
      return {
        sign: "+",
        todo: `grant ${text}${until}`,
        done: `granted: ${text}`,
      };
    }
    case "revoke": {
      const text = `${step.privileges.join(", ")} on ${
        describeHolding(step.on)
      } from ${displayAccount(step.account)}`;
      return { sign: "-", todo: `revoke ${text}`, done: `revoked: ${text}` };
    }
  }
}

/** A plan for people, like a diff: first what is there already, then what changes, in order. Each is one line. */
export function describeMysqlPlan(
  { already, steps }: Pick<MysqlPlan, "already" | "steps">,
): readonly PlanLine[] {
  return [
    ...already.map(({ step, through }): PlanLine => ({
      sign: "=",
      text: `already ${phraseOf(step).done}${
        through === null ? "" : ` (through ${through})`
      }`,
    })),
    ...steps.map((step): PlanLine => {
      const { sign, todo } = phraseOf(step);
      return { sign, text: todo };
    }),
  ];
}
