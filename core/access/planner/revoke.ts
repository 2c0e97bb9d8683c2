import { nearest } from "../../text/nearest.ts";
import { authorityOf } from "../authority.ts";
import {
  type Catalog,
  findRole,
  MEMBERSHIP_OPTIONS_SINCE,
} from "../catalog.ts";
import { Draft } from "./draft.ts";
import { displayName } from "../identifier.ts";
import { any, membershipsOf, rolesOf } from "../membership.ts";
import { requireRole } from "./missing.ts";
import type { Plan, Step } from "../plan.ts";
import { planDefaults } from "./defaults.ts";
import { planRemovals } from "./removal.ts";
import { tellWhatIsKept } from "./tell_kept.ts";
import { planRevocations } from "./revocations.ts";
import { RDS_IAM } from "../role_name.ts";
import { granteesOf, type RevokeWish } from "../wish.ts";

/** Adds the end of a membership, once for each grantor where grantors count. */
export function planLeave(
  catalog: Catalog,
  role: string,
  member: string,
  draft: Draft,
): void {
  const found = catalog.memberships.filter((membership) =>
    membership.role === role && membership.member === member
  );
  const grantors = catalog.serverVersion >= MEMBERSHIP_OPTIONS_SINCE
    ? found.map(({ grantor }) => grantor)
    : found.slice(0, 1).map(() => null);
  for (const grantor of grantors) {
    draft.add({
      kind: "revoke-membership",
      role,
      member,
      grantor,
      cascade: false,
    });
  }
  if (grantors.length === 0) {
    draft.addUnless(true, {
      kind: "revoke-membership",
      role,
      member,
      grantor: null,
      cascade: false,
    });
  }
  const others = membershipsOf(catalog).filter((membership) =>
    membership.role !== role || membership.member !== member
  );
  if (rolesOf(others, member, any).has(role)) {
    draft.notice(
      "still-member",
      `${displayName(member)} stays a member of ${
        displayName(role)
      } through another role`,
    );
  }
}

/** A misspelt name is as good as gone: whoever meant another role should hear of it. */
function sayNearest(catalog: Catalog, user: string, draft: Draft) {
  const near = nearest(user, catalog.roles.map(({ name }) => name));
  if (near === undefined) return;
  draft.notice(
    "similar-role",
    `There is no role ${displayName(user)}, but there is ${displayName(near)}`,
  );
}

/** The users that are there. One that is gone is no error where it shall be dropped: that is done. */
function presentUsers(
  catalog: Catalog,
  wish: RevokeWish,
  draft: Draft,
): readonly string[] {
  const gone = (user: string) =>
    wish.remove?.dropRole === true && findRole(catalog, user) === undefined;
  return [...new Set(wish.users)].filter((user) => {
    if (gone(user)) {
      draft.addUnless(true, { kind: "drop-role", role: user });
      sayNearest(catalog, user, draft);
      return false;
    }
    requireRole(catalog, user, "User");
    return true;
  });
}

/**
 * The plan for a revocation. Privileges go first and the login last; what a removal takes away anyhow is not taken
 * away twice.
 */
export function planRevoke(catalog: Catalog, wish: RevokeWish): Plan {
  const draft = new Draft();
  const users = presentUsers(catalog, wish, draft);
  const grantees = granteesOf(wish).filter((grantee) =>
    wish.remove === null || !wish.users.includes(grantee)
  );
  for (const grantee of grantees) requireRole(catalog, grantee, "Role");
  const subjects = [...new Set([...wish.users, ...wish.grantees])];
  const last: Step[] = [];
  const context = {
    grantees,
    authority: authorityOf(catalog),
    revoke: true,
    draft,
    subjects: new Set(subjects),
    last,
  };
  const privileges = wish.privileges.filter((each) =>
    each.kind !== "default" || wish.remove === null ||
    !wish.users.includes(each.owner)
  );
  planRevocations(catalog, privileges, context);
  for (const step of last) draft.add(step);
  planDefaults(catalog, privileges, context);
  for (const user of wish.remove?.dropRole === true ? [] : users) {
    for (const group of new Set(wish.groups)) {
      requireRole(catalog, group, "Group");
      planLeave(catalog, group, user, draft);
    }
    if (wish.iam) planLeave(catalog, RDS_IAM, user, draft);
  }
  if (wish.remove !== null) planRemovals(catalog, users, wish.remove, draft);
  tellWhatIsKept(catalog, privileges, grantees, draft);
  return draft.finish(catalog, subjects);
}
