import type { AclEntry, Catalog, SchemaObject, Securable } from "./catalog.ts";
import type { ObjectName, On } from "./plan.ts";

function keyOf({ name, argumentTypes }: ObjectName): string {
  return JSON.stringify([
    name,
    ...argumentTypes.map((type) => [type.schema, type.name]),
  ]);
}

/** What privileges are held on in this database, and itself. */
export function securablesHere(catalog: Catalog): readonly Securable[] {
  return [
    catalog.database,
    ...catalog.schemas,
    ...catalog.objects,
    ...catalog.further,
    ...catalog.others,
  ];
}

/** Everything of the catalog that privileges are held on. */
export function securablesOf(catalog: Catalog): readonly Securable[] {
  return [...securablesHere(catalog), ...catalog.shared];
}

/** Who holds what on an object, and on its columns. */
export function entriesOf(object: Securable): readonly AclEntry[] {
  return isSchemaObject(object)
    ? [...object.acl, ...object.columns]
    : object.acl;
}

/** The same, each with its column; null is the whole. */
export function entriesByColumn(
  object: Securable,
): readonly (AclEntry & { readonly column: string | null })[] {
  return entriesOf(object).map((entry) => ({ column: null, ...entry }));
}

/** Whether it is a table, sequence or function. */
export function isSchemaObject(object: Securable): object is SchemaObject {
  return "argumentTypes" in object;
}

/** The schema that holds it, if one does. */
export function schemaOf(object: Securable): string | null {
  return "schema" in object && typeof object.schema === "string"
    ? object.schema
    : null;
}

/** A test for the objects that a step is on. */
export function isOn(on: On): (object: Securable) => boolean {
  const schema = "schema" in on ? on.schema : null;
  const names = "objects" in on
    ? on.objects === "all" ? undefined : new Set(on.objects.map(keyOf))
    : undefined;
  return (object) => {
    if (object.kind !== on.kind || schemaOf(object) !== schema) return false;
    if ("name" in on) return object.name === on.name;
    return isSchemaObject(object) &&
      (names === undefined || names.has(keyOf(object)));
  };
}

/** The objects of the catalog that a step is on. */
export function objectsOf(catalog: Catalog, on: On): readonly Securable[] {
  return securablesOf(catalog).filter(isOn(on));
}

/** What a step is on to reach this one object. */
export function onOne(object: Securable): On {
  const { kind, name } = object;
  if (isSchemaObject(object)) {
    const { schema, argumentTypes } = object;
    const objects = [{ name, argumentTypes }];
    return { kind: object.kind, schema, objects, count: 1 };
  }
  switch (kind) {
    case "database":
    case "schema":
    case "tablespace":
      return { kind, name };
    case "table":
    case "sequence":
    case "function":
      throw new TypeError(`A ${kind} has a schema`);
    default:
      return { kind, schema: schemaOf(object), name };
  }
}
