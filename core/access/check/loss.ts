import type { Catalog, Securable, TypeName } from "../catalog.ts";
import { isSchemaObject, schemaOf } from "../objects_of.ts";
import type { Privilege } from "../privilege.ts";
import type { Rights } from "../rights.ts";

/** What a loss is on. */
export interface LossObject {
  readonly kind:
    | Securable["kind"]
    | "role"
    | "policy"
    | "default";
  /** Null: it is in none. */
  readonly schema: string | null;
  readonly name: string;
  /** Of a privilege on a column. */
  readonly column: string | null;
  /** Of a function. */
  readonly argumentTypes: readonly TypeName[];
  /** Of a policy. */
  readonly table: string | null;
  /** Who creates what default privileges are for. */
  readonly owner: string | null;
}

/** Something that a plan takes from somebody whom it was not asked to take it from, or outside of this database. */
export interface Loss {
  /** Who loses it, or `PUBLIC`. */
  readonly role: string;
  readonly kind:
    /** No IAM login any more. */
    | "login"
    /** `privilege` is `MEMBER`, or `ADMIN`: the right to grant the role. */
    | "membership"
    | "privilege"
    /** The rights of an object's owner. */
    | "ownership"
    /** A privilege on what does not exist yet. */
    | "default-privilege"
    /** Rows through a view, whose owner reads others or none below it. */
    | "view"
    /** What a function does with the rights of an owner that has others now, or is another. */
    | "function"
    /** A policy of row security that no longer names the role. */
    | "policy";
  readonly privilege: Privilege | "MEMBER" | "ADMIN" | null;
  /** The privilege stays, and the right to pass it on goes. */
  readonly grantOption: boolean;
  readonly object: LossObject;
  /** It is a leaver's own, beside what was asked for: outside of this database, or a policy. */
  readonly outside: boolean;
  /** Without force, the plan is refused for it. */
  readonly force: boolean;
}

/** A loss before anybody has judged it. */
export type Found = Omit<Loss, "outside" | "force">;

/** What a loss is on, with null for what it has not. */
export function lossObject(
  some: Pick<LossObject, "kind" | "name"> & Partial<LossObject>,
): LossObject {
  return {
    schema: null,
    column: null,
    argumentTypes: [],
    table: null,
    owner: null,
    ...some,
  };
}

/** The object of the catalog, as what a loss is on. */
export function ofSecurable(
  object: Securable,
  column: string | null = null,
): LossObject {
  const { kind, name } = object;
  const argumentTypes = isSchemaObject(object) ? object.argumentTypes : [];
  return lossObject({
    kind,
    schema: schemaOf(object),
    name,
    column,
    argumentTypes,
  });
}

/** A catalog before and after, with who may do what by each. */
export interface Comparison {
  readonly before: Catalog;
  readonly after: Catalog;
  readonly had: Rights;
  readonly has: Rights;
  /** Those that are there before and after, but for superusers and whom the plan takes something from. */
  readonly roles: readonly string[];
  /** Whom the plan takes something from, where they stay: what they lose was asked for. */
  readonly leavers: readonly string[];
}
