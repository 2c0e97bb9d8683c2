import { displayName } from "../identifier.ts";
import { nameSome } from "../name_some.ts";
import type { Loss, LossObject } from "./loss.ts";

function inSchema({ schema }: LossObject): string {
  return schema === null ? "" : ` in schema ${displayName(schema)}`;
}

function objectText(object: LossObject): string {
  const { kind, name, schema, column, table, owner } = object;
  const where = inSchema(object);
  if (kind === "default") {
    return `future ${name}s of ${displayName(owner ?? "")}${
      schema === null ? " in every schema" : where
    }`;
  }
  const of = table === null ? "" : ` on table ${displayName(table)}`;
  const part = column === null ? "" : `column ${displayName(column)} of `;
  return `${part}${kind} ${displayName(name)}${of}${where}`;
}

/** What is lost, for people, without whose it is. */
function whatText(
  { kind, privilege, grantOption, object, outside }: Loss,
): string {
  const on = objectText(object);
  const beyond = outside && kind !== "policy"
    ? ", outside of this database"
    : "";
  switch (kind) {
    case "login":
      return "its IAM login (rds_iam)";
    case "membership":
      return privilege === "ADMIN"
        ? `the right to grant ${on}`
        : `membership in ${on}`;
    case "ownership":
      return outside
        ? `ownership of ${on}${beyond}`
        : `the owner's rights on ${on}`;
    case "default-privilege":
      return `${privilege} on ${on}`;
    case "view":
      return `rows of view ${displayName(object.name)}${
        inSchema(object)
      } (${privilege})`;
    case "function":
      return `what ${on} did with the rights of its owner`;
    case "policy":
      return on;
    case "privilege":
      return `${privilege}${
        grantOption ? " with grant option" : ""
      } on ${on}${beyond}`;
  }
}

function whose(role: string): string {
  return role === "PUBLIC" ? role : displayName(role);
}

/** A loss as a line for people. */
export function describeLoss(loss: Loss): string {
  return `${whose(loss.role)} loses ${whatText(loss)}`;
}

/** Up to so many losses are named in one line. */
const NAMED = 3;

/** Losses in one line: the first few, and whose the others are. */
export function describeLosses(losses: readonly Loss[]): string {
  const shown = losses.slice(0, NAMED).map(describeLoss).join("; ");
  const rest = losses.slice(NAMED);
  if (rest.length === 0) return shown;
  const roles = [...new Set(rest.map(({ role }) => role))];
  return `${shown}; and ${rest.length} more (${nameSome(roles)})`;
}
