import type { AclEntry, Catalog, Securable } from "./catalog.ts";
import {
  type Follow,
  inherited,
  membershipsOf,
  membersOf,
  rolesOf,
} from "./membership.ts";
import { isSchemaObject } from "./objects_of.ts";
import type { Privilege } from "./privilege.ts";

/** Roles whose members may do something on all objects (PostgreSQL 14; `pg_maintain`: 17). */
const EVERYWHERE: Readonly<
  Record<string, (object: Securable, privilege: Privilege) => boolean>
> = {
  pg_read_all_data: ({ kind }, privilege) =>
    isRelation(kind) && privilege === "SELECT" ||
    kind === "schema" && privilege === "USAGE",
  pg_write_all_data: ({ kind }, privilege) =>
    isRelation(kind) && WRITES.has(privilege) ||
    kind === "schema" && privilege === "USAGE",
  pg_maintain: ({ kind }, privilege) =>
    kind === "table" && privilege === "MAINTAIN",
};

const WRITES: ReadonlySet<Privilege> = new Set(["INSERT", "UPDATE", "DELETE"]);

function isRelation(kind: Securable["kind"]): boolean {
  return kind === "table" || kind === "sequence";
}

/** Through what a role has a privilege. */
export type Source =
  | { readonly kind: "public" }
  /** It owns the object, or has the rights of the owner, `role`. */
  | { readonly kind: "owner"; readonly role: string }
  /** It holds the privilege itself, or has the rights of `role`, which does. */
  | { readonly kind: "role"; readonly role: string };

/** What roles may do by a catalog, in the rules of `acl.c`. */
export class Rights {
  readonly #catalog: Catalog;
  readonly #memberships: ReturnType<typeof membershipsOf>;
  readonly #roles = new Map<string, ReadonlySet<string>>();
  readonly #superusers: ReadonlySet<string>;

  /** What they may do by this one. */
  constructor(catalog: Catalog) {
    this.#catalog = catalog;
    this.#memberships = membershipsOf(catalog);
    this.#superusers = new Set(
      catalog.roles.filter(({ superuser }) => superuser).map(({ name }) =>
        name
      ),
    );
  }

  /** A superuser may do everything, so nothing is taken from it. */
  isSuperuser(role: string): boolean {
    return this.#superusers.has(role);
  }

  /** The role and all roles whose rights it has. */
  rolesOf(role: string): ReadonlySet<string> {
    const known = this.#roles.get(role);
    if (known !== undefined) return known;
    const found = rolesOf(this.#memberships, role, inherited);
    this.#roles.set(role, found);
    return found;
  }

  /** The roles that it reaches over memberships of this kind. */
  reached(role: string, follow: Follow): ReadonlySet<string> {
    return rolesOf(this.#memberships, role, follow);
  }

  /** The role and all that have its rights. */
  membersOf(role: string): ReadonlySet<string> {
    return membersOf(this.#memberships, role, inherited);
  }

  /** Through what the role has the privilege on the object, or on a column of it. */
  sources(
    role: string,
    object: Securable,
    privilege: Privilege,
    column: string | null = null,
  ): readonly Source[] {
    const roles = this.rolesOf(role);
    const entries: AclEntry[] = object.acl.filter((entry) =>
      entry.privilege === privilege
    );
    if (column !== null && isSchemaObject(object)) {
      entries.push(
        ...object.columns.filter((entry) =>
          entry.column === column && entry.privilege === privilege
        ),
      );
    }
    const held = entries.flatMap(({ grantee }): Source[] => {
      if (grantee === null) return [{ kind: "public" }];
      if (!roles.has(grantee)) return [];
      const kind = grantee === object.owner ? "owner" : "role";
      return [{ kind, role: grantee }];
    });
    const everywhere = Object.entries(EVERYWHERE).flatMap((
      [name, covers],
    ): Source[] =>
      roles.has(name) && covers(object, privilege)
        ? [{ kind: "role", role: name }]
        : []
    );
    return [...held, ...everywhere];
  }

  /** Whether the role has the privilege (`has_*_privilege`). */
  has(
    role: string,
    object: Securable,
    privilege: Privilege,
    column: string | null = null,
  ): boolean {
    return this.#superusers.has(role) ||
      this.sources(role, object, privilege, column).length > 0;
  }

  /** Whether it may pass the privilege on: as the owner, or by a grant option. */
  passesOn(
    role: string,
    object: Securable,
    privilege: Privilege,
    column: string | null = null,
  ): boolean {
    const roles = this.rolesOf(role);
    const counts = (entry: AclEntry) =>
      entry.grantable && entry.privilege === privilege &&
      entry.grantee !== null && roles.has(entry.grantee);
    return this.#superusers.has(role) || roles.has(object.owner) ||
      object.acl.some(counts) ||
      column !== null && isSchemaObject(object) &&
        object.columns.some((entry) =>
          entry.column === column && counts(entry)
        );
  }

  /** The roles there are. */
  get names(): ReadonlySet<string> {
    return new Set(this.#catalog.roles.map(({ name }) => name));
  }
}
