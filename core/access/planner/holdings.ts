import type { Catalog, Securable } from "../catalog.ts";
import { isSchemaObject, schemaOf } from "../objects_of.ts";
import type { Privilege } from "../privilege.ts";
import { revokeWanted, type Revoking } from "./revocations.ts";
import type { Wanted } from "./wanted.ts";

function heldBy(user: string, object: Securable): ReadonlySet<Privilege> {
  const entries = isSchemaObject(object)
    ? [...object.acl, ...object.columns]
    : object.acl;
  return new Set(
    entries.filter(({ grantee }) => grantee === user)
      .map(({ privilege }) => privilege),
  );
}

/** What is in this database, or is this database. */
export function objectsHere(catalog: Catalog): readonly Securable[] {
  return [
    catalog.database,
    ...catalog.schemas,
    ...catalog.objects,
    ...catalog.further,
    ...catalog.others,
  ];
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
