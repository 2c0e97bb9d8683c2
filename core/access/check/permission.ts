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
  needsSchema,
} from "./permission_message.ts";
import type { On, Plan, Step } from "../plan.ts";
import type { Privilege } from "../privilege.ts";
import { Rights } from "../rights.ts";

interface Situation {
  /** With the roles and memberships of the steps before. */
  readonly catalog: Catalog;
  readonly authority: Authority;
  /** Of all roles. */
  readonly rights: Rights;
}

function situationOf(catalog: Catalog): Situation {
  return {
    catalog,
    authority: authorityOf(catalog),
    rights: new Rights(catalog),
  };
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
      ? [needsSchema(authority.role, "USAGE", schema, what)]
      : []),
    ...[...Map.groupBy(refused, ({ owner }) => owner)].map((
      [owner, objects],
    ) => needsOwner(catalog, owner, `${what} on ${nameObjects(objects)}`)),
  ];
}

/** What is done as another role needs that role's own USAGE on the schema. */
function inSchema(
  on: On,
  as: string,
  what: string,
  { catalog, rights }: Situation,
): readonly MissingPermission[] {
  if (!("schema" in on)) return [];
  return catalog.schemas
    .filter((each) => each.name === on.schema && !rights.has(as, each, "USAGE"))
    .map((schema) => needsSchema(as, "USAGE", schema, what));
}

/**
 * Whether the new owner may have what it is to be given: that takes CREATE on the schema of functions, and of all else that
 * is handed over one by one (`AlterObjectOwner_internal` of `alter.c`, `ATExecChangeOwner` of `tablecmds.c`).
 */
function handingOver(
  { role, to, only }: Extract<Step, { kind: "reassign-owned" }>,
  { catalog, authority, rights }: Situation,
): readonly MissingPermission[] {
  if (authority.superuser) return [];
  const needing = new Set(
    [...catalog.objects, ...catalog.further].filter(({ owner, kind }) =>
      owner === role && (only !== null || kind === "function")
    ).map(({ schema }) => schema),
  );
  return catalog.schemas.filter((each) =>
    // A schema of its own goes over, too.
    needing.has(each.name) && each.owner !== role &&
    !rights.has(to, each, "CREATE")
  ).map((schema) =>
    needsSchema(to, "CREATE", schema, `Reassigning to ${displayName(to)}`)
  );
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
      if (authority.superuser || authority.becomes.has(step.as)) {
        return inSchema(step.on, step.as, what, at);
      }
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
      return actsOrJoins(catalog, authority, step.to)
        ? handingOver(step, at)
        : [
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
  let at = situationOf(catalog);
  for (const step of plan.steps) {
    found.push(...missingFor(step, at));
    const next = rolesAfter(at.catalog, [step]);
    if (next !== at.catalog) at = situationOf(next);
  }
  return [...new Map(found.map((each) => [each.message, each])).values()];
}
