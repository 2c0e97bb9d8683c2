import {
  type Catalog,
  findRole,
  type Membership,
  MEMBERSHIP_OPTIONS_SINCE,
  type Role,
} from "./catalog.ts";
import type { Plan, Step } from "./plan.ts";

function created(name: string, login: boolean): Role {
  return {
    name,
    login,
    superuser: false,
    createRole: false,
    inherit: true,
    passwordExpired: false,
    sessions: 0,
  };
}

/** PostgreSQL 16 gives the creator the ADMIN option alone (`CreateRole` of user.c); a superuser needs none. */
function creatorMembership(catalog: Catalog, role: string): Membership[] {
  const self = findRole(catalog, catalog.currentUser);
  return catalog.serverVersion < MEMBERSHIP_OPTIONS_SINCE || self?.superuser
    ? []
    : [{
      role,
      member: catalog.currentUser,
      grantor: null,
      admin: true,
      inherit: false,
      set: false,
    }];
}

/** Whether the step ends this membership. */
export function endsMembership(
  catalog: Catalog,
  step: Extract<Step, { kind: "revoke-membership" }>,
  membership: Membership,
): boolean {
  if (membership.role !== step.role || membership.member !== step.member) {
    return false;
  }
  return catalog.serverVersion < MEMBERSHIP_OPTIONS_SINCE ||
    membership.grantor === (step.grantor ?? catalog.currentUser);
}

/**
 * The memberships that are left after a revocation with CASCADE. Since PostgreSQL 16 what a member has granted goes as
 * well, unless it keeps the ADMIN option through another grantor (`plan_recursive_revoke` of `user.c`).
 */
function withoutMembership(
  catalog: Catalog,
  step: Extract<Step, { kind: "revoke-membership" }>,
): readonly Membership[] {
  const { memberships, serverVersion } = catalog;
  let left = memberships.filter((each) => !endsMembership(catalog, step, each));
  if (serverVersion < MEMBERSHIP_OPTIONS_SINCE) return left;
  const pending = memberships.filter((each) =>
    endsMembership(catalog, step, each)
  );
  for (const { role, member, admin } of pending) {
    const keeps = left.some((each) =>
      each.role === role && each.member === member && each.admin
    );
    if (!admin || keeps) continue;
    const isGranted = (each: Membership) =>
      each.role === role && each.grantor === member;
    pending.push(...left.filter(isGranted));
    left = left.filter((each) => !isGranted(each));
  }
  return left;
}

function rolesAfterStep(catalog: Catalog, step: Step): Catalog {
  switch (step.kind) {
    case "create-role":
      return {
        ...catalog,
        roles: [...catalog.roles, created(step.role, step.login)],
        memberships: [
          ...catalog.memberships,
          ...creatorMembership(catalog, step.role),
        ],
      };
    case "grant-membership":
      return {
        ...catalog,
        memberships: [...catalog.memberships, {
          role: step.role,
          member: step.member,
          grantor: catalog.currentUser,
          admin: false,
          inherit: step.inherit ||
            (findRole(catalog, step.member)?.inherit ?? true),
          set: true,
        }],
      };
    case "revoke-membership":
      return {
        ...catalog,
        memberships: withoutMembership(catalog, step),
      };
    case "keep-membership":
      return {
        ...catalog,
        memberships: [...catalog.memberships, {
          role: step.role,
          member: step.member,
          grantor: step.by ?? catalog.currentUser,
          admin: step.admin,
          inherit: step.inherit,
          set: step.set,
        }],
      };
    case "drop-role":
      return {
        ...catalog,
        roles: catalog.roles.filter(({ name }) => name !== step.role),
        memberships: catalog.memberships.filter(({ role, member }) =>
          role !== step.role && member !== step.role
        ),
      };
    default:
      return catalog;
  }
}

/** The catalog once these steps are done, as far as roles and memberships go. */
export function rolesAfter(catalog: Catalog, steps: readonly Step[]): Catalog {
  return steps.reduce(rolesAfterStep, catalog);
}

/** The roles that the plan creates. */
export function createdRoles(plan: Plan): ReadonlySet<string> {
  return new Set(
    plan.steps.flatMap((step) =>
      step.kind === "create-role" ? [step.role] : []
    ),
  );
}
