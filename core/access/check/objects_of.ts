import type { Catalog, SchemaObject, Securable } from "../catalog.ts";
import type { ObjectName, On } from "../plan.ts";

function keyOf({ name, argumentTypes }: ObjectName): string {
  return JSON.stringify([
    name,
    ...argumentTypes.map((type) => [type.schema, type.name]),
  ]);
}

/** The objects of the catalog that a step is on. */
export function objectsOf(catalog: Catalog, on: On): readonly Securable[] {
  if (on.kind === "database") return [catalog.database];
  if (on.kind === "schema") {
    return catalog.schemas.filter(({ name }) => name === on.name);
  }
  const there = catalog.objects.filter((object: SchemaObject) =>
    object.kind === on.kind && object.schema === on.schema
  );
  if (on.objects === "all") return there;
  const keys = new Set(on.objects.map(keyOf));
  return there.filter((object) => keys.has(keyOf(object)));
}
