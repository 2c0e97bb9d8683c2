import type { Securable } from "../catalog.ts";
import { entriesByColumn } from "../objects_of.ts";
import { type Comparison, type Found, ofSecurable } from "./loss.ts";

/** Who held something on the object before, and no longer does: by role, privilege and column. */
export function gone(before: Securable, after: Securable) {
  const left = entriesByColumn(after);
  return entriesByColumn(before).filter((entry) =>
    !left.some((other) =>
      other.grantee === entry.grantee && other.privilege === entry.privilege &&
      other.column === entry.column && (other.grantable || !entry.grantable)
    )
  );
}

/** What others lose on one object. */
export function objectLosses(
  before: Securable,
  after: Securable,
  { had, has, roles }: Comparison,
): readonly Found[] {
  const found = new Map<string, Found>();
  function add(loss: Found) {
    found.set(JSON.stringify(loss), loss);
  }
  const counted = new Set(roles);
  // Whoever no longer has the rights of a grantee has lost a membership, which stands for all that came with it.
  const affected = (grantee: string) =>
    [...had.membersOf(grantee)].filter((role) =>
      counted.has(role) && (role === grantee || has.rolesOf(role).has(grantee))
    );
  for (const { grantee, privilege, column } of gone(before, after)) {
    const shared = {
      kind: "privilege" as const,
      privilege,
      object: ofSecurable(before, column),
    };
    if (grantee === null) {
      add({ ...shared, role: "PUBLIC", grantOption: false });
      continue;
    }
    for (const role of affected(grantee)) {
      const args = [role, after, privilege, column] as const;
      if (!has.has(...args)) add({ ...shared, role, grantOption: false });
      else if (
        had.passesOn(role, before, privilege, column) && !has.passesOn(...args)
      ) add({ ...shared, role, grantOption: true });
    }
  }
  if (before.owner !== after.owner) {
    for (const role of affected(before.owner)) {
      if (has.rolesOf(role).has(after.owner)) continue;
      add({
        role,
        kind: "ownership",
        privilege: null,
        grantOption: false,
        object: ofSecurable(before),
      });
    }
  }
  return [...found.values()];
}
