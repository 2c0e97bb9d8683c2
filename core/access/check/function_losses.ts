import type { Catalog, SchemaObject } from "../catalog.ts";
import { securablesOf } from "../objects_of.ts";
import { type Comparison, type Found, ofSecurable } from "./loss.ts";
import { gone } from "./object_losses.ts";

function functionsOf({ objects, further }: Catalog): readonly SchemaObject[] {
  return [...objects, ...further].filter(({ definer }) => definer);
}

/** Whether a role may no longer do something that it might, by itself or through others. */
function isWeaker(
  role: string,
  { before, after, had, has }: Comparison,
): boolean {
  const [roles, left] = [had.rolesOf(role), securablesOf(after)];
  return !roles.isSubsetOf(has.rolesOf(role)) ||
    securablesOf(before).some((object, index) => {
      const now = left[index];
      return now !== undefined && now !== object &&
        gone(object, now).some(({ grantee, privilege, column }) =>
          (grantee === null || roles.has(grantee)) &&
          !has.has(role, now, privilege, column)
        );
    });
}

/**
 * Functions that run with the rights of an owner (SECURITY DEFINER), where that is another now or may do less: what they do
 * with them cannot be read. Whoever may call one is named.
 */
export function functionLosses(comparison: Comparison): readonly Found[] {
  const { before, after, has, roles, leavers } = comparison;
  const now = functionsOf(after);
  const weaker = new Map<string, boolean>();
  return functionsOf(before).flatMap((was, index): readonly Found[] => {
    const is = now[index];
    if (is === undefined) return [];
    const { owner } = was;
    const isLess = weaker.get(owner) ?? isWeaker(owner, comparison);
    weaker.set(owner, isLess);
    const isHandedOver = is.owner !== owner;
    if (!isHandedOver && !isLess) return [];
    const isPublic = is.acl.some(({ grantee }) => grantee === null);
    const callers = isPublic
      ? ["PUBLIC"]
      : [...roles, ...isHandedOver ? leavers : []].filter((role) =>
        role !== is.owner && has.has(role, is, "EXECUTE")
      );
    return callers.map((role) => ({
      role,
      kind: "function",
      privilege: "EXECUTE",
      grantOption: false,
      object: ofSecurable(is),
    }));
  });
}
