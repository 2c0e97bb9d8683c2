import type { Catalog, Securable } from "../catalog.ts";
import {
  entriesOf,
  isSchemaObject,
  onOne,
  schemaOf,
  securablesHere,
} from "../objects_of.ts";
import type { Step } from "../plan.ts";
import type { Privilege } from "../privilege.ts";
import { revokeWanted, type Revoking } from "./revocations.ts";
import type { Wanted } from "./wanted.ts";

function heldBy(user: string, object: Securable): ReadonlySet<Privilege> {
  return new Set(
    entriesOf(object).filter(({ grantee }) => grantee === user)
      .map(({ privilege }) => privilege),
  );
}

/** The columns that a user has granted to others, by an option on the table or as its own. */
export function grantedColumns(
  catalog: Catalog,
  user: string,
): readonly Extract<Step, { kind: "revoke-privileges" }>[] {
  return securablesHere(catalog).flatMap((object) => {
    if (!isSchemaObject(object) || object.owner === user) return [];
    const granted = object.columns.filter(({ grantor }) => grantor === user);
    return [...Map.groupBy(granted, ({ grantee }) => grantee)]
      .map(([grantee, entries]) => ({
        kind: "revoke-privileges" as const,
        privileges: [...new Set(entries.map(({ privilege }) => privilege))],
        on: onOne(object),
        grantee,
        grantor: user,
        as: user,
        cascade: false,
      }));
  });
}

/**
 * Adds the taking away of all that a user holds on these objects. What it owns is handed over instead, with all its
 * privileges.
 */
export function planHoldings(
  objects: readonly Securable[],
  user: string,
  revoking: Revoking,
): void {
  const held = objects.filter((object) =>
    object.owner !== user && heldBy(user, object).size > 0
  );
  const groups = Map.groupBy(
    held,
    (object) => JSON.stringify([object.kind, schemaOf(object)]),
  );
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const wanted: Wanted = {
      kind: first.kind,
      schema: schemaOf(first),
      objects: new Map(
        group.map((object) => [object, new Set(heldBy(user, object))]),
      ),
      named: new Set(group),
      whole: new Set(),
      total: group.length,
    };
    revokeWanted(wanted, user, revoking);
  }
}
