import type { AclEntry, Catalog, Securable } from "../catalog.ts";
import { catalogAfter } from "../object_effect.ts";
import { isSchemaObject, securablesOf } from "../objects_of.ts";
import type { Step } from "../plan.ts";

/** Whether an entry went that somebody else holds, or that somebody else granted. */
function passedOn(
  before: Securable,
  after: Securable,
  grantee: string,
): boolean {
  function entries(object: Securable): readonly AclEntry[] {
    return isSchemaObject(object)
      ? [...object.acl, ...object.columns]
      : object.acl;
  }
  const left = new Set(entries(after));
  return entries(before).some((entry) =>
    entry.grantee !== grantee && !left.has(entry)
  );
}

function needsCascade(
  before: Catalog,
  after: Catalog,
  step: Extract<Step, { kind: "revoke-membership" | "revoke-privileges" }>,
): boolean {
  if (step.kind === "revoke-membership") {
    const left = new Set(after.memberships);
    return before.memberships.some((each) =>
      !left.has(each) &&
      (each.role !== step.role || each.member !== step.member)
    );
  }
  const left = securablesOf(after);
  return securablesOf(before).some((object, index) => {
    const now = left[index];
    return now !== undefined && now !== object &&
      passedOn(object, now, step.grantee);
  });
}

/** The steps, each with CASCADE where PostgreSQL would refuse it otherwise. */
export function withCascade(
  catalog: Catalog,
  steps: readonly Step[],
): readonly Step[] {
  let before = catalog;
  return steps.map((step) => {
    const [from, to] = [before, catalogAfter(before, [step])];
    before = to;
    if (
      step.kind !== "revoke-membership" && step.kind !== "revoke-privileges"
    ) {
      return step;
    }
    return { ...step, cascade: needsCascade(from, to, step) };
  });
}
