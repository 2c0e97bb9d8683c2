/** Whether the model that announces losses (`catalogAfter`) does to a catalog what the server does to itself. */
import type {
  AclEntry,
  Catalog,
  SchemaObject,
} from "../../../../core/access/catalog.ts";
import { catalogAfter } from "../../../../core/access/object_effect.ts";
import {
  isSchemaObject,
  schemaOf,
  securablesOf,
} from "../../../../core/access/objects_of.ts";
import type { Plan } from "../../../../core/access/plan.ts";
import { decodeCatalog } from "../../../../core/access/postgres/catalog_decode.ts";
import {
  CATALOG_SQL,
  PREPARE_SQL,
  RESTORE_SQL,
} from "../../../../core/access/postgres/catalog_queries.ts";
import { scopeOf, type Wish } from "../../../../core/access/wish.ts";
import type { DatabaseSession } from "../../../../core/database/database.ts";

/** Reads what a plan for the wish is made of. */
export async function readCatalog(
  session: DatabaseSession,
  wish: Wish,
): Promise<Catalog> {
  for (const sql of PREPARE_SQL) await session.run(sql);
  const [text = ""] = await session.run(CATALOG_SQL, [
    JSON.stringify(scopeOf(wish)),
  ]);
  await session.run(RESTORE_SQL);
  return decodeCatalog(text);
}

/** Entries of the same grantor for the same grantee are one to the server. */
function aclText(
  entries: readonly (AclEntry & { column?: string })[],
): readonly string[] {
  const grantable = new Map<string, boolean>();
  for (const { column, grantee, privilege, grantor, ...entry } of entries) {
    const key = JSON.stringify([column ?? null, grantee, privilege, grantor]);
    grantable.set(key, entry.grantable || grantable.get(key) === true);
  }
  return [...grantable].map(([key, isGrantable]) => `${key} ${isGrantable}`);
}

function typesOf(object: SchemaObject): string {
  return object.argumentTypes.map(({ name }) => name).join(" ");
}

/** What it says, one text for each object, role and membership. */
function textsOf(catalog: Catalog): ReadonlyMap<string, readonly string[]> {
  const objects = securablesOf(catalog).map((
    object,
  ): [string, readonly string[]] => {
    const { kind, name, owner, acl } = object;
    const types = isSchemaObject(object) ? typesOf(object) : "";
    const columns = isSchemaObject(object) ? object.columns : [];
    return [
      JSON.stringify([kind, schemaOf(object), name, types]),
      [owner, ...aclText([...acl, ...columns])].toSorted(),
    ];
  });
  const memberships = catalog.memberships.map((
    { role, member, admin, inherit, set },
  ) => JSON.stringify([role, member, admin, inherit, set]));
  const defaults = catalog.defaultAcls.map((
    { owner, schema, objects, acl },
  ): [string, readonly string[]] => [
    JSON.stringify(["default", owner, schema, objects]),
    aclText(acl).toSorted(),
  ]);
  return new Map([
    ...objects,
    ...defaults,
    ["memberships", [...new Set(memberships)].toSorted()],
    ["roles", catalog.roles.map(({ name }) => name).toSorted()],
  ]);
}

/** Where the model and the server differ, for what both name afterwards. */
export function mismodelled(
  { before, plan, after }: { before: Catalog; plan: Plan; after: Catalog },
): readonly string[] {
  const expected = textsOf(catalogAfter(before, plan.steps));
  return [...textsOf(after)].flatMap(([key, texts]) => {
    const model = expected.get(key);
    if (model === undefined || model.join() === texts.join()) return [];
    const more = texts.filter((text) => !model.includes(text));
    const less = model.filter((text) => !texts.includes(text));
    return [
      `${key}: the server has ${more.join(" ")}, the model ${less.join(" ")}`,
    ];
  });
}
