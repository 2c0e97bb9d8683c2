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
function ends(
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

function afterStep(catalog: Catalog, step: Step): Catalog {
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
        memberships: catalog.memberships.filter((membership) =>
          !ends(catalog, step, membership)
        ),
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
  return steps.reduce(afterStep, catalog);
}

/** The roles that the plan creates. */
export function createdRoles(plan: Plan): ReadonlySet<string> {
  return new Set(
    plan.steps.flatMap((step) =>
      step.kind === "create-role" ? [step.role] : []
    ),
  );
}
