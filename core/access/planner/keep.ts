import {
  actsFor,
  type Authority,
  authorityOf,
  becomeFor,
} from "../authority.ts";
import {
  type Catalog,
  findRole,
  type Membership,
  type Securable,
} from "../catalog.ts";
import { catalogAfter } from "../object_effect.ts";
import { entriesByColumn, onOne, securablesOf } from "../objects_of.ts";
import type { On, Step } from "../plan.ts";

type KeepMembership = Extract<Step, { kind: "keep-membership" }>;
type KeepPrivileges = Extract<Step, { kind: "keep-privileges" }>;
type Keep = KeepMembership | KeepPrivileges;

/** An entry of an ACL, of a column or of the whole. */
type Held = ReturnType<typeof entriesByColumn>[number];

/**
 * Who grants the role from now on: null, whom the server takes for a superuser; undefined, nobody. That RDS lets its master
 * grant more than PostgreSQL does is not counted on: the grant would fail, or be in the name of a leaver.
 */
function membershipGrantor(
  after: Catalog,
  authority: Authority,
  role: string,
): string | null | undefined {
  if (authority.superuser) return null;
  const able = after.memberships
    .filter((each) =>
      each.role === role && each.admin && authority.uses.has(each.member)
    )
    .map(({ member }) => member);
  return able.includes(authority.role) ? authority.role : able[0];
}

function isCovered(lost: Membership, after: readonly Membership[]): boolean {
  const left = after.filter(({ role, member }) =>
    role === lost.role && member === lost.member
  );
  return (["admin", "inherit", "set"] as const).every((option) =>
    !lost[option] || left.some((each) => each[option])
  ) && left.length > 0;
}

function membershipKeeps(
  before: Catalog,
  after: Catalog,
  authority: Authority,
): readonly KeepMembership[] {
  return before.memberships.flatMap((each): KeepMembership[] => {
    const { role, member, grantor, admin, inherit, set } = each;
    const isThere = findRole(after, role) && findRole(after, member);
    if (!isThere || grantor === null || isCovered(each, after.memberships)) {
      return [];
    }
    const by = membershipGrantor(after, authority, role);
    if (by === undefined) return [];
    return [{
      kind: "keep-membership",
      role,
      member,
      admin,
      inherit,
      set,
      by,
      grantor,
    }];
  });
}

/** Who grants this from now on; undefined, nobody can. */
function privilegeGrantor(
  object: Securable,
  { privilege, column }: Held,
  authority: Authority,
): string | undefined {
  if (actsFor(authority, object.owner)) return object.owner;
  const able = entriesByColumn(object)
    .filter((entry) =>
      entry.grantable && entry.privilege === privilege &&
      (entry.column === null || entry.column === column)
    )
    .flatMap(({ grantee }) => grantee === null ? [] : [grantee])
    .filter((role) => authority.uses.has(role) && authority.becomes.has(role));
  return able.includes(authority.role) ? authority.role : able[0];
}

function keptEntries(
  before: Securable,
  after: Securable,
  authority: Authority,
  subjects: ReadonlySet<string>,
): readonly KeepPrivileges[] {
  const left = entriesByColumn(after);
  return entriesByColumn(before).flatMap((entry): KeepPrivileges[] => {
    const { grantee, privilege, column, grantor, grantable } = entry;
    const isSubject = grantee !== null && subjects.has(grantee);
    const covered = left.some((other) =>
      other.grantee === grantee && other.privilege === privilege &&
      other.column === column && (other.grantable || !grantable)
    );
    if (isSubject || covered) return [];
    const by = privilegeGrantor(after, entry, authority);
    if (by === undefined) return [];
    // Before the steps a leaver may have a grant option as well.
    const as = becomeFor(authority, by, before, [privilege]);
    const isWithin = as === null || authority.superuser ||
      authority.becomes.has(as);
    if (!isWithin) return [];
    return [{
      kind: "keep-privileges",
      privileges: [privilege],
      on: onOne(before),
      column,
      grantee,
      grantOption: grantable,
      by: by === before.owner ? null : by,
      as,
      grantor,
    }];
  });
}

/** One statement for what differs in its privileges or its objects alone. */
function merged(
  keeps: readonly KeepPrivileges[],
  by: (keep: KeepPrivileges) => unknown,
  merge: (one: KeepPrivileges, other: KeepPrivileges) => KeepPrivileges,
): readonly KeepPrivileges[] {
  return [...Map.groupBy(keeps, (keep) => JSON.stringify(by(keep))).values()]
    .map((group) => group.reduce(merge));
}

function together(one: On, other: On): On {
  if (!("objects" in one && "objects" in other)) return one;
  if (one.objects === "all" || other.objects === "all") return one;
  const objects = [...one.objects, ...other.objects];
  return { ...one, objects, count: objects.length };
}

function privilegeKeeps(
  before: Catalog,
  after: Catalog,
  authority: Authority,
  subjects: ReadonlySet<string>,
): readonly KeepPrivileges[] {
  const left = securablesOf(after);
  const single = securablesOf(before).flatMap((object, index) => {
    const now = left[index];
    return now === undefined || now === object
      ? []
      : keptEntries(object, now, authority, subjects);
  });
  const byPrivilege = merged(
    single,
    ({ privileges: _, ...rest }) => rest,
    (one, other) => ({
      ...one,
      privileges: [...one.privileges, ...other.privileges],
    }),
  );
  return merged(
    byPrivilege,
    ({ on, ...rest }) =>
      "objects" in on ? [on.kind, on.schema, rest] : [on, rest],
    (one, other) => ({ ...one, on: together(one.on, other.on) }),
  );
}

/**
 * What others would lose by these steps and the current role can give them again: grants that a leaver made. To be done
 * before the steps.
 */
export function keepsFor(
  catalog: Catalog,
  steps: readonly Step[],
  subjects: ReadonlySet<string>,
): readonly Step[] {
  const keeps: Step[] = [];
  const done = new Set<string>();
  for (;;) {
    const after = catalogAfter(catalog, [...keeps, ...steps]);
    const authority = authorityOf(after);
    const found: readonly Keep[] = [
      ...membershipKeeps(catalog, after, authority)
        .filter(({ member }) => !subjects.has(member)),
      ...privilegeKeeps(catalog, after, authority, subjects),
    ].filter((keep) => !done.has(JSON.stringify(keep)));
    // A grant option that is kept holds up what was granted by it: so from the leavers outwards.
    const first = found.filter(({ grantor }) => subjects.has(grantor));
    const next = first.length > 0 ? first : found;
    if (next.length === 0) return keeps;
    for (const keep of next) done.add(JSON.stringify(keep));
    keeps.push(...next);
  }
}
