import { RdsiamError } from "../../errors.ts";
import type { Catalog, SchemaObject, Securable } from "../catalog.ts";
import type { Draft } from "./draft.ts";
import { displayName } from "../identifier.ts";
import { missing } from "../missing_name.ts";
import { requireSchema } from "./missing.ts";
import {
  type ObjectKind,
  type Privilege,
  privilegesOf,
  type SchemaObjectKind,
} from "../privilege.ts";
import { matcher, type NamePattern } from "../selection.ts";
import type { PrivilegeSet, PrivilegeWish } from "../wish.ts";

/** Objects of one kind and schema (or the database, or one schema) with the privileges that are wished on each. */
export interface Wanted {
  readonly kind: ObjectKind;
  /** The schema that holds the objects; null for the database and for schemas themselves. */
  readonly schema: string | null;
  readonly objects: Map<Securable, Set<Privilege>>;
  /** Objects that were wished for by name, not by a pattern or as part of all. */
  readonly named: Set<Securable>;
  /** What is wished on every object of the kind that the schema has. */
  readonly whole: Set<Privilege>;
  /** How many the schema has. */
  readonly total: number;
}

/**
 * The privileges of a set, in PostgreSQL's order.
 *
 * @throws {RdsiamError} `usage`, when the server knows no such privilege on this kind of object.
 */
export function expand(
  catalog: Catalog,
  kind: ObjectKind,
  privileges: PrivilegeSet,
): readonly Privilege[] {
  const known = privilegesOf(kind, catalog.serverVersion);
  if (privileges === "all") return known;
  const unknown = privileges.find((privilege) => !known.includes(privilege));
  if (unknown !== undefined) {
    const major = Math.floor(catalog.serverVersion / 10000);
    throw new RdsiamError(
      "usage",
      `Privilege ${unknown} cannot be used: PostgreSQL ${major} has none of this name on a ${kind}`,
      { hint: `It has ${known.join(", ")}` },
    );
  }
  return known.filter((privilege) => privileges.includes(privilege));
}

function find(
  objects: readonly SchemaObject[],
  kind: SchemaObjectKind,
  schema: string,
  wanted: NamePattern,
  draft: Draft,
): readonly SchemaObject[] {
  const matches = matcher(wanted);
  const found = objects.filter((object) => matches(object.name));
  if (found.length > 0) return found;
  if (wanted.kind === "name") {
    throw missing(
      `${kind[0]?.toUpperCase()}${kind.slice(1)}`,
      wanted.name,
      objects.map((object) => object.name),
      `Schema ${displayName(schema)} has ${listing(objects, kind)}`,
    );
  }
  draft.notice(
    "no-match",
    `No ${kind} in schema ${displayName(schema)} matches ${
      displayName(wanted.pattern)
    }`,
  );
  return [];
}

/** What there is instead: by name where that fits on a line. */
function listing(
  objects: readonly SchemaObject[],
  kind: SchemaObjectKind,
): string {
  const names = [...new Set(objects.map(({ name }) => displayName(name)))];
  if (names.length === 0) return `no ${kind}`;
  return names.length <= MOST_LISTED
    ? names.join(", ")
    : `${names.length} others`;
}

/** More names would hide the point of a hint. */
const MOST_LISTED = 5;

function add(
  group: Wanted,
  object: Securable,
  privileges: readonly Privilege[],
) {
  const set = group.objects.get(object);
  if (set === undefined) group.objects.set(object, new Set(privileges));
  else for (const privilege of privileges) set.add(privilege);
}

/**
 * What the wishes mean in this catalog, one entry for each kind and schema; wishes about the same object are one.
 *
 * @throws {RdsiamError} `usage`, when a schema, an object that is named, or a privilege does not exist.
 */
export function wantedOf(
  catalog: Catalog,
  wishes: readonly PrivilegeWish[],
  draft: Draft,
): readonly Wanted[] {
  const groups = new Map<string, Wanted>();
  const bySchema = Map.groupBy(
    catalog.objects,
    (object) => JSON.stringify([object.kind, object.schema]),
  );
  function group(kind: ObjectKind, schema: string | null, total: number) {
    const key = JSON.stringify([kind, schema]);
    const existing = groups.get(key);
    if (existing !== undefined) return existing;
    const made: Wanted = {
      kind,
      schema,
      objects: new Map(),
      named: new Set(),
      whole: new Set(),
      total,
    };
    groups.set(key, made);
    return made;
  }
  for (const wish of wishes) {
    if (wish.kind === "default") continue;
    const privileges = expand(catalog, wish.kind, wish.privileges);
    if (wish.kind === "database") {
      add(group("database", null, 1), catalog.database, privileges);
    } else if (wish.kind === "schema") {
      const schema = requireSchema(catalog, wish.schema);
      add(group("schema", null, 1), schema, privileges);
    } else {
      const { kind, names } = wish;
      const schema = requireSchema(catalog, wish.schema).name;
      const objects = bySchema.get(JSON.stringify([kind, schema])) ?? [];
      const into = group(kind, schema, objects.length);
      if (names === "all") {
        for (const object of objects) add(into, object, privileges);
        for (const privilege of privileges) into.whole.add(privilege);
        continue;
      }
      for (const wanted of names) {
        for (const object of find(objects, kind, schema, wanted, draft)) {
          add(into, object, privileges);
          if (wanted.kind === "name") into.named.add(object);
        }
      }
    }
  }
  return [...groups.values()];
}
