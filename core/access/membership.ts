import type { Catalog, Membership } from "./catalog.ts";

/** Which memberships to follow. */
export type Follow = (membership: Membership) => boolean;

/** Memberships that pass the role's privileges on without `SET ROLE`. */
export function inherited(membership: Membership): boolean {
  return membership.inherit;
}

/** Memberships that allow `SET ROLE`. */
export function settable(membership: Membership): boolean {
  return membership.set;
}

/**
 * Memberships that make somebody a member in any sense that is sure to count. What is left out is ADMIN alone, which
 * PostgreSQL 16 and later give the creator of a role.
 */
export function usable(membership: Membership): boolean {
  return membership.inherit || membership.set;
}

/** All memberships, as `+role` in `pg_hba.conf` of stock PostgreSQL counts them. */
export function any(_membership: Membership): boolean {
  return true;
}

/**
 * The memberships of the catalog and the one that is in no table: the database's owner is a member of
 * `pg_database_owner`, which owns schema public since PostgreSQL 15 (`roles_is_member_of` of `acl.c`).
 */
export function membershipsOf(catalog: Catalog): readonly Membership[] {
  const implicit: Membership = {
    role: "pg_database_owner",
    member: catalog.database.owner,
    grantor: null,
    admin: false,
    inherit: true,
    set: true,
  };
  return [...catalog.memberships, implicit];
}

/** Walks from one role over memberships; the first is in the result. */
function closure(
  memberships: readonly Membership[],
  start: string,
  direction: { from: "member" | "role"; to: "member" | "role" },
): ReadonlySet<string> {
  const next = Map.groupBy(memberships, (edge) => edge[direction.from]);
  const found = new Set([start]);
  // A set hands out what is added while it is walked.
  for (const role of found) {
    for (const edge of next.get(role) ?? []) found.add(edge[direction.to]);
  }
  return found;
}

/** The role and all roles it is a member of, directly or not. */
export function rolesOf(
  memberships: readonly Membership[],
  member: string,
  follow: Follow,
): ReadonlySet<string> {
  return closure(memberships.filter(follow), member, {
    from: "member",
    to: "role",
  });
}

/** The role and all its members, direct or not. */
export function membersOf(
  memberships: readonly Membership[],
  role: string,
  follow: Follow,
): ReadonlySet<string> {
  return closure(memberships.filter(follow), role, {
    from: "role",
    to: "member",
  });
}
