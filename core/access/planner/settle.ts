import type { Catalog, Securable } from "../catalog.ts";
import { endsMembership } from "../effect.ts";
import { catalogAfter } from "../object_effect.ts";
import {
  entriesOf,
  isOn,
  isSchemaObject,
  securablesOf,
} from "../objects_of.ts";
import type { Step } from "../plan.ts";

type RevokePrivileges = Extract<Step, { kind: "revoke-privileges" }>;
type RevokeMembership = Extract<Step, { kind: "revoke-membership" }>;

/** The step on what is still there to be taken: an earlier one may have taken it with CASCADE. */
function restricted(
  catalog: Catalog,
  step: RevokePrivileges,
): RevokePrivileges | undefined {
  const { on, grantee, grantor, privileges } = step;
  const objects = securablesOf(catalog).filter(isOn(on));
  const isHeld = (object: Securable) =>
    entriesOf(object).some((entry) =>
      entry.grantee === grantee && privileges.includes(entry.privilege) &&
      entry.grantor === (grantor ?? object.owner)
    );
  const held = objects.filter(isHeld);
  if (held.length === 0) return undefined;
  if (held.length === objects.length || !("objects" in on)) return step;
  const left = held.filter(isSchemaObject).map(({ name, argumentTypes }) => ({
    name,
    argumentTypes,
  }));
  return { ...step, on: { ...on, objects: left, count: left.length } };
}

/** Whether an entry went that somebody else holds. */
function passedOn(
  before: Securable,
  after: Securable,
  grantee: string | null,
): boolean {
  const left = new Set(entriesOf(after));
  return entriesOf(before).some((entry) =>
    entry.grantee !== grantee && !left.has(entry)
  );
}

function needsCascade(
  before: Catalog,
  after: Catalog,
  step: RevokePrivileges | RevokeMembership,
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

/**
 * The steps as they are when their turn comes: without what earlier ones have taken, which PostgreSQL would refuse to take
 * again, and with CASCADE where it would refuse to go on otherwise.
 */
export function settled(
  catalog: Catalog,
  steps: readonly Step[],
): readonly Step[] {
  const found: Step[] = [];
  let before = catalog;
  for (const planned of steps) {
    const step = planned.kind === "revoke-privileges"
      ? restricted(before, planned)
      : planned;
    if (step === undefined) continue;
    const after = catalogAfter(before, [step]);
    if (step.kind === "revoke-privileges") {
      found.push({ ...step, cascade: needsCascade(before, after, step) });
    } else if (step.kind === "revoke-membership") {
      const isThere = before.memberships.some((each) =>
        endsMembership(before, step, each)
      );
      if (!isThere) continue;
      found.push({ ...step, cascade: needsCascade(before, after, step) });
    } else found.push(step);
    before = after;
  }
  return found;
}
