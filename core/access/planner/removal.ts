import { RdsiamError } from "../../errors.ts";
import { actsFor, actsOrJoins, authorityOf } from "../authority.ts";
import {
  type Catalog,
  findRole,
  MEMBERSHIP_OPTIONS_SINCE,
} from "../catalog.ts";
import { rolesAfter } from "../effect.ts";
import { displayName } from "../identifier.ts";
import { securablesHere } from "../objects_of.ts";
import type { Step } from "../plan.ts";
import type { RevokeWish } from "../wish.ts";
import type { Draft } from "./draft.ts";
import { grantedColumns, planHoldings } from "./holdings.ts";
import { requireRole } from "./missing.ts";
import { divideOwned, planOwned, tellWhatStays } from "./owned.ts";
import { checkRemovable } from "./removable.ts";
import { endOwnDefaults, endReceivedDefaults } from "./own_defaults.ts";

type Remove = NonNullable<RevokeWish["remove"]>;

function newOwner(
  catalog: Catalog,
  users: readonly string[],
  { reassignTo }: Remove,
): string {
  const to = reassignTo ?? catalog.currentUser;
  requireRole(catalog, to, "New owner");
  if (!users.includes(to)) return to;
  throw new RdsiamError(
    "usage",
    `New owner ${displayName(to)} cannot be used: it is the role to remove`,
  );
}

function tellSessions(catalog: Catalog, user: string, draft: Draft) {
  const sessions = findRole(catalog, user)?.sessions ?? 0;
  if (sessions === 0) return;
  draft.notice(
    "open-sessions",
    `${displayName(user)} has ${
      sessions === 1 ? "an open session" : `${sessions} open sessions`
    }, which PostgreSQL does not end`,
  );
}

/** The grants of memberships that the user has made, where each grantor has its own (PostgreSQL 16). */
function grantsOf(catalog: Catalog, user: string) {
  return catalog.serverVersion < MEMBERSHIP_OPTIONS_SINCE
    ? []
    : catalog.memberships.filter(({ grantor, role, member }) =>
      grantor === user && role !== user && member !== user
    );
}

/**
 * The owners of default privileges that name a user, where the current role can become a member for as long as it takes to
 * change them.
 */
function defaultOwners(
  catalog: Catalog,
  users: readonly string[],
): readonly string[] {
  const authority = authorityOf(catalog);
  const owners = catalog.defaultAcls.filter(({ owner, acl }) =>
    !users.includes(owner) &&
    acl.some(({ grantee }) => grantee !== null && users.includes(grantee))
  ).map(({ owner }) => owner);
  return [...new Set(owners)].filter((owner) =>
    !actsOrJoins(catalog, authority, owner) && authority.grants.has(owner) &&
    // It would be changed by the grant, and gone with it.
    !catalog.memberships.some(({ role, member, grantor }) =>
      role === owner && member === authority.role &&
      grantor === authority.role
    )
  );
}

/** Whether some of what is to be done needs the rights of the user itself. */
function needsRights(catalog: Catalog, user: string, dropRole: boolean) {
  return divideOwned(catalog, user, dropRole).goes.length > 0 ||
    catalog.userMappings.some(({ role }) => role === user) ||
    endOwnDefaults(catalog, user).length > 0 ||
    grantedColumns(catalog, user).length > 0 ||
    dropRole && grantsOf(catalog, user).length > 0;
}

function planPolicies(
  catalog: Catalog,
  users: readonly string[],
  draft: Draft,
) {
  for (const policy of catalog.policies) {
    const { schema, table, name, roles } = policy;
    draft.add({
      kind: "narrow-policy",
      schema,
      table,
      name,
      from: roles.filter((role) => users.includes(role)),
      to: roles.filter((role) => !users.includes(role)),
    });
  }
}

/**
 * Adds what empties roles out and drops them: their privileges and default privileges here, what they own, and with
 * `dropRole` also what they hold outside of this database, the policies that name them and the memberships that they
 * granted. Handing over takes the rights of the role, so the current role becomes a member for as long as it takes. When
 * the role is in `rds_iam`, so is the current role then, but no login sees it: it is over when the transaction ends.
 *
 * @throws {RdsiamError} `usage`, for the role that is logged in; `failed`, when another database still uses a role.
 */
export function planRemovals(
  catalog: Catalog,
  users: readonly string[],
  remove: Remove,
  draft: Draft,
): void {
  const { dropRole } = remove;
  for (const user of users) checkRemovable(catalog, user, dropRole);
  const to = newOwner(catalog, users, remove);
  const self = catalog.currentUser;
  const joined = users.filter((user) =>
    needsRights(catalog, user, dropRole) &&
    !actsFor(authorityOf(catalog), user)
  );
  for (const user of users) tellSessions(catalog, user, draft);
  const owners = defaultOwners(catalog, users);
  for (const role of [...joined, ...owners]) {
    draft.add({
      kind: "grant-membership",
      role,
      member: self,
      inherit: catalog.serverVersion >= MEMBERSHIP_OPTIONS_SINCE,
    });
  }
  const authority = authorityOf(rolesAfter(catalog, draft.steps));
  const last: Step[] = [];
  const revoking = { authority, draft, subjects: new Set(users), last };
  // What they granted on columns would outlive their right to: a REVOKE on the table leaves those.
  for (const user of users) {
    for (const step of grantedColumns(catalog, user)) draft.add(step);
  }
  for (const user of users) {
    for (const { server, role, owner } of catalog.userMappings) {
      if (role !== user) continue;
      const as = actsFor(authority, owner) ? null : role;
      draft.add({ kind: "drop-user-mapping", role, server, as });
    }
    planHoldings(securablesHere(catalog), user, revoking);
    const defaults = [
      ...endReceivedDefaults(catalog, user),
      ...endOwnDefaults(catalog, user),
    ];
    for (const step of defaults) draft.add(step);
    if (!dropRole) tellWhatStays(catalog, user, draft);
    else {
      planHoldings(catalog.shared, user, revoking);
      for (const { role, member } of grantsOf(catalog, user)) {
        const cascade = false;
        draft.add({
          kind: "revoke-membership",
          role,
          member,
          grantor: user,
          cascade,
        });
      }
    }
  }
  for (const step of last) draft.add(step);
  if (dropRole) planPolicies(catalog, users, draft);
  for (const user of users) planOwned(catalog, user, { to, dropRole }, draft);
  for (const role of dropRole ? owners : [...joined, ...owners]) {
    draft.add({
      kind: "revoke-membership",
      role,
      member: self,
      grantor: null,
      cascade: false,
    });
  }
  for (const role of dropRole ? users : []) {
    draft.add({ kind: "drop-role", role });
  }
}
