import type { Securable } from "../catalog.ts";
import { isSchemaObject, onOne } from "../objects_of.ts";
import type { On } from "../plan.ts";
import type { Privilege } from "../privilege.ts";
import type { Wanted } from "./wanted.ts";

/** Objects that lack, or have too many of, the same privileges. */
export interface Portion {
  readonly privileges: readonly Privilege[];
  readonly objects: Securable[];
}

/** Sorts objects into portions by a key and their privileges; the order of both is kept. */
export class Portions {
  readonly #portions = new Map<string, Portion & { readonly key: string }>();

  /** Adds an object, unless there are no privileges. */
  add(key: string, object: Securable, privileges: readonly Privilege[]): void {
    if (privileges.length === 0) return;
    const id = JSON.stringify([key, privileges]);
    const portion = this.#portions.get(id);
    if (portion === undefined) {
      this.#portions.set(id, { key, privileges, objects: [object] });
    } else portion.objects.push(object);
  }

  /** The portions of a key. */
  of(key: string): readonly Portion[] {
    return [...this.#portions.values()].filter((portion) =>
      portion.key === key
    );
  }

  /** The keys there are. */
  keys(): readonly string[] {
    return [
      ...new Set([...this.#portions.values()].map((portion) => portion.key)),
    ];
  }
}

/**
 * What the steps for a portion are on. `ALL TABLES IN SCHEMA` stands for a portion that is every object of the schema,
 * if all of them were wished for: it must not reach a table that was made since.
 */
export function onOf(wanted: Wanted, portion: Portion): readonly On[] {
  const { kind, schema } = wanted;
  if (
    schema === null || kind !== "table" && kind !== "sequence" &&
      kind !== "function"
  ) return portion.objects.map(onOne);
  const count = portion.objects.length;
  const whole = count === wanted.total &&
    portion.privileges.every((privilege) => wanted.whole.has(privilege));
  return [{
    kind,
    schema,
    objects: whole ? "all" : portion.objects.filter(isSchemaObject).map((
      { name, argumentTypes },
    ) => ({ name, argumentTypes })),
    count,
  }];
}
