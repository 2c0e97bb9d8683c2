import { RDS_SUPERUSER } from "../authority.ts";
import {
  type Catalog,
  findRole,
  MEMBERSHIP_OPTIONS_SINCE,
  type Schema,
} from "../catalog.ts";
import { displayName, quoteIdentifier } from "../identifier.ts";
import {
  any,
  inherited,
  membershipsOf,
  membersOf,
  rolesOf,
} from "../membership.ts";
import { nameSome } from "../name_some.ts";
import { RDS_ADMIN, RDS_IAM } from "../role_name.ts";

/** A right that the current role lacks. */
export interface MissingPermission {
  readonly message: string;
  /** Who can give it, and how. */
  readonly hint: string;
}

function loginRoles(catalog: Catalog, names: Iterable<string>): string[] {
  return [...names].filter((name) =>
    name !== catalog.currentUser && name !== RDS_ADMIN &&
    findRole(catalog, name)?.login === true
  ).sort();
}

function refused(catalog: Catalog, what: string, why: string, hint: string) {
  const who = displayName(catalog.currentUser);
  return { message: `${what} failed: ${who} ${why}`, hint };
}

/** The roles with a login that may grant this role, or may manage roles at all before PostgreSQL 16. */
function whoMayGrant(catalog: Catalog, role: string): readonly string[] {
  const memberships = membershipsOf(catalog);
  const byCreateRole = catalog.serverVersion < MEMBERSHIP_OPTIONS_SINCE;
  const names = new Set([
    ...memberships.filter((each) => each.role === role && each.admin)
      .map(({ member }) => member),
    ...membersOf(memberships, RDS_SUPERUSER, inherited),
    ...catalog.roles.filter((each) => byCreateRole && each.createRole)
      .map(({ name }) => name),
  ]);
  return loginRoles(catalog, names);
}

/** The current role lacks CREATEROLE. */
export function needsCreateRole(
  catalog: Catalog,
  what: string,
): MissingPermission {
  const able = loginRoles(
    catalog,
    catalog.roles.filter((role) => role.createRole).map(({ name }) => name),
  );
  return refused(
    catalog,
    what,
    "lacks CREATEROLE",
    able.length > 0
      ? `Log in as a role that has it: ${nameSome(able)}`
      : `Let a superuser run: ALTER ROLE ${
        quoteIdentifier(catalog.currentUser)
      } CREATEROLE`,
  );
}

/** The current role may not grant this one. */
export function needsAdminOption(
  catalog: Catalog,
  role: string,
  what: string,
): MissingPermission {
  const able = whoMayGrant(catalog, role);
  const grant = `GRANT ${quoteIdentifier(role)} TO ${
    quoteIdentifier(catalog.currentUser)
  } WITH ADMIN OPTION`;
  // The option on rds_iam would make the administrator itself a member of it.
  const mayReceive = !rolesOf(membershipsOf(catalog), role, any).has(RDS_IAM);
  const as = able.length > 0
    ? nameSome(able)
    : `a member of ${RDS_SUPERUSER} or a superuser`;
  return refused(
    catalog,
    what,
    `has no ADMIN OPTION on ${displayName(role)}`,
    mayReceive ? `Let ${as} run: ${grant}` : `Log in as ${as}`,
  );
}

/** The current role has neither the rights of the owner nor a grant option. */
export function needsOwner(
  catalog: Catalog,
  owner: string,
  what: string,
): MissingPermission {
  const why = `does not act for ${
    displayName(owner)
  }, the owner, and has no grant option`;
  return refused(catalog, what, why, wayToActFor(catalog, owner));
}

/** The current role lacks the rights of another role, for which there is no grant option. */
export function needsMembership(
  catalog: Catalog,
  role: string,
  what: string,
): MissingPermission {
  const why = `is no member of ${displayName(role)}`;
  return refused(catalog, what, why, wayToActFor(catalog, role));
}

function wayToActFor(catalog: Catalog, owner: string): string {
  const memberships = membershipsOf(catalog);
  const able = loginRoles(catalog, membersOf(memberships, owner, inherited));
  // Becoming a member of somebody in rds_iam is the classic way to lock an administrator out.
  const mayJoin = !rolesOf(memberships, owner, any).has(RDS_IAM) &&
    findRole(catalog, owner)?.login === false &&
    owner !== "pg_database_owner";
  const grant = `GRANT ${quoteIdentifier(owner)} TO ${
    quoteIdentifier(catalog.currentUser)
  }`;
  const login = able.length > 0
    ? `Log in as ${nameSome(able)}`
    : "Let a superuser do it";
  return mayJoin ? `${login}, or have it granted: ${grant}` : login;
}

/** The role in whose name it is done lacks a privilege on the schema: USAGE to name what is in it, CREATE to own it. */
export function needsSchema(
  role: string,
  privilege: "USAGE" | "CREATE",
  schema: Schema,
  what: string,
): MissingPermission {
  const name = displayName(schema.name);
  return {
    message: `${what} failed: ${
      displayName(role)
    } has no ${privilege} on schema ${name}`,
    hint: `Let ${displayName(schema.owner)} run: GRANT ${privilege} ON SCHEMA ${
      quoteIdentifier(schema.name)
    } TO ${quoteIdentifier(role)}`,
  };
}

/** Somebody else's grant can be taken back by that role alone. */
export function needsGrantor(
  catalog: Catalog,
  grantor: string,
  what: string,
): MissingPermission {
  return refused(
    catalog,
    what,
    `does not act for ${displayName(grantor)}, who granted it`,
    grantor === RDS_ADMIN
      ? "Let a superuser do it"
      : `Log in as ${displayName(grantor)} or as a member of it`,
  );
}
