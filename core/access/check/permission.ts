import {
  actsFor,
  actsOrJoins,
  type Authority,
  authorityOf,
  mayGrant,
  RDS_SUPERUSER,
} from "../authority.ts";
import {
  type Catalog,
  MEMBERSHIP_OPTIONS_SINCE,
  type Securable,
} from "../catalog.ts";
import { rolesAfter } from "../effect.ts";
import { displayName } from "../identifier.ts";
import { nameObjects } from "../name_some.ts";
import { objectsOf } from "../objects_of.ts";
import {
  type MissingPermission,
  needsAdminOption,
  needsCreateRole,
  needsGrantor,
  needsMembership,
  needsOwner,
  needsUsage,
} from "./permission_message.ts";
import type { On, Plan, Step } from "../plan.ts";
import type { Privilege } from "../privilege.ts";

interface Situation {
  /** With the roles and memberships of the steps before. */
  readonly catalog: Catalog;
  readonly authority: Authority;
}

function creation(what: string, at: Situation) {
  return at.authority.superuser || at.authority.createRole
    ? []
    : [needsCreateRole(at.catalog, what)];
}

/** Since PostgreSQL 16 CREATEROLE reaches only roles that one has the ADMIN option on. */
function roleChange(role: string, what: string, at: Situation) {
  const { authority, catalog } = at;
  const reaches = authority.superuser || authority.grants.has(role) ||
    !authority.createRole || catalog.serverVersion < MEMBERSHIP_OPTIONS_SINCE;
  return reaches ? creation(what, at) : [needsAdminOption(catalog, role, what)];
}

function membershipStep(role: string, what: string, at: Situation) {
  const { authority, catalog } = at;
  return authority.superuser || authority.grants.has(role)
    ? []
    : [needsAdminOption(catalog, role, what)];
}

function onObjects(
  on: On,
  privileges: readonly Privilege[],
  what: string,
  at: Situation,
): readonly MissingPermission[] {
  const { catalog, authority } = at;
  const refused: Securable[] = [];
  for (const object of objectsOf(catalog, on)) {
    if (!privileges.every((each) => mayGrant(authority, object, each))) {
      refused.push(object);
    }
  }
  const schema = "schema" in on
    ? catalog.schemas.find(({ name }) => name === on.schema)
    : undefined;
  return [
    ...(schema?.usable === false && !authority.superuser
      ? [needsUsage(catalog, schema, what)]
      : []),
    ...[...Map.groupBy(refused, ({ owner }) => owner)].map((
      [owner, objects],
    ) => needsOwner(catalog, owner, `${what} on ${nameObjects(objects)}`)),
  ];
}

function missingFor(step: Step, at: Situation): readonly MissingPermission[] {
  const { catalog, authority } = at;
  switch (step.kind) {
    case "create-role":
      return creation(`Creating role ${displayName(step.role)}`, at);
    case "allow-login":
      return roleChange(
        step.role,
        `Changing role ${displayName(step.role)}`,
        at,
      );
    case "drop-role":
      return roleChange(
        step.role,
        `Dropping role ${displayName(step.role)}`,
        at,
      );
    case "grant-membership":
      return membershipStep(
        step.role,
        `Granting ${displayName(step.role)}`,
        at,
      );
    case "revoke-membership": {
      const what = `Revoking ${displayName(step.role)}`;
      // Whether RDS lets its master take back what another granted is for the server to say.
      return step.grantor === null || actsFor(authority, step.grantor) ||
          authority.uses.has(RDS_SUPERUSER)
        ? membershipStep(step.role, what, at)
        : [needsGrantor(catalog, step.grantor, what)];
    }
    case "grant-privileges":
      return onObjects(
        step.on,
        step.privileges,
        `Granting ${step.privileges.join(", ")}`,
        at,
      );
    case "revoke-privileges": {
      const what = `Revoking ${step.privileges.join(", ")}`;
      if (step.as === null) {
        return onObjects(step.on, step.privileges, what, at);
      }
      if (authority.superuser || authority.becomes.has(step.as)) return [];
      return step.grantor === null
        ? [needsMembership(catalog, step.as, what)]
        : [needsGrantor(catalog, step.as, what)];
    }
    case "grant-default-privileges":
    case "revoke-default-privileges":
      return actsOrJoins(catalog, authority, step.owner) ? [] : [
        needsMembership(
          catalog,
          step.owner,
          `Changing default privileges of ${displayName(step.owner)}`,
        ),
      ];
    case "reassign-owned":
      return actsOrJoins(catalog, authority, step.to) ? [] : [
        needsMembership(
          catalog,
          step.to,
          `Reassigning to ${displayName(step.to)}`,
        ),
      ];
    case "drop-user-mapping": {
      const what = `Dropping a user mapping of ${displayName(step.role)}`;
      const mapping = catalog.userMappings.find(({ role, server }) =>
        role === step.role && server === step.server
      );
      if (step.as === null || mapping === undefined) return [];
      if (!mapping.usable) {
        return [needsMembership(catalog, mapping.owner, what)];
      }
      return authority.becomes.has(step.as)
        ? []
        : [needsMembership(catalog, step.role, what)];
    }
    case "narrow-policy": {
      const owner = catalog.policies.find((each) =>
        each.schema === step.schema && each.table === step.table
      )?.owner;
      return owner === undefined || actsFor(authority, owner) ? [] : [
        needsOwner(
          catalog,
          owner,
          `Changing policy ${displayName(step.name)} on table ${
            displayName(step.table)
          }`,
        ),
      ];
    }
    case "keep-membership":
    case "keep-privileges":
      return []; // planned only where it is allowed
  }
}

/**
 * What the current role may not do of the plan, before it is tried. A superuser may do all. Rights that RDS
 * gives `rds_superuser` beyond stock PostgreSQL are taken as given; where they are not, the server says so.
 */
export function missingPermissions(
  catalog: Catalog,
  plan: Plan,
): readonly MissingPermission[] {
  const found: MissingPermission[] = [];
  let current = catalog;
  let authority = authorityOf(catalog);
  for (const step of plan.steps) {
    found.push(...missingFor(step, { catalog: current, authority }));
    const next = rolesAfter(current, [step]);
    if (next !== current) authority = authorityOf(next);
    current = next;
  }
  return [...new Map(found.map((each) => [each.message, each])).values()];
}
