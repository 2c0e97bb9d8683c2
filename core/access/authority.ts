import {
  type Catalog,
  findRole,
  MEMBERSHIP_OPTIONS_SINCE,
  type Securable,
} from "./catalog.ts";
import {
  inherited,
  membershipsOf,
  rolesOf,
  settable,
  usable,
} from "./membership.ts";
import { entriesOf } from "./objects_of.ts";
import type { Privilege } from "./privilege.ts";

/** What the current role may do to other roles and their objects. */
export interface Authority {
  readonly role: string;
  readonly superuser: boolean;
  readonly createRole: boolean;
  /** Roles whose privileges it has, itself included (`has_privs_of_role`). */
  readonly uses: ReadonlySet<string>;
  /** Roles it may `SET ROLE` to, itself included. */
  readonly becomes: ReadonlySet<string>;
  /** Roles whose membership it may grant. */
  readonly grants: ReadonlySet<string>;
}

/** RDS lets members of this role grant any role that is no superuser, ADMIN OPTION or not. */
export const RDS_SUPERUSER = "rds_superuser";

/** The roles that this role may grant, in the rules of `check_role_membership_authorization` of `user.c`. */
function grantableRoles(catalog: Catalog, uses: ReadonlySet<string>) {
  const memberships = membershipsOf(catalog);
  const optionsCount = catalog.serverVersion >= MEMBERSHIP_OPTIONS_SINCE;
  // Before 16 ADMIN OPTION counts through every membership, since 16 through inherited ones (`select_best_admin`).
  const through = optionsCount
    ? uses
    : rolesOf(memberships, catalog.currentUser, usable);
  const self = findRole(catalog, catalog.currentUser);
  const everyRole = (!optionsCount && self?.createRole === true) ||
    uses.has(RDS_SUPERUSER);
  return new Set([
    ...memberships
      .filter((edge) => edge.admin && through.has(edge.member))
      .map((edge) => edge.role),
    ...catalog.roles
      .filter((role) => everyRole && !role.superuser)
      .map((role) => role.name),
  ]);
}

/** What the current role of the catalog may do. */
export function authorityOf(catalog: Catalog): Authority {
  const memberships = membershipsOf(catalog);
  const self = findRole(catalog, catalog.currentUser);
  const uses = rolesOf(memberships, catalog.currentUser, inherited);
  return {
    role: catalog.currentUser,
    superuser: self?.superuser ?? false,
    createRole: self?.createRole ?? false,
    uses,
    becomes: rolesOf(memberships, catalog.currentUser, settable),
    grants: grantableRoles(catalog, uses),
  };
}

/** Whether it has all rights of the role: it is the role, inherits from it, or is a superuser. */
export function actsFor(authority: Authority, role: string): boolean {
  return authority.superuser || authority.uses.has(role);
}

/** Whether it passes for the role where PostgreSQL asks for membership, not for a grant option. */
export function actsOrJoins(
  { serverVersion }: Catalog,
  authority: Authority,
  role: string,
): boolean {
  // Before 16 NOINHERIT members pass, too (`check_is_member_of_role`).
  return actsFor(authority, role) ||
    serverVersion < MEMBERSHIP_OPTIONS_SINCE && authority.becomes.has(role);
}

/** Whether it may grant and revoke this privilege: as the owner, or through a grant option. */
export function mayGrant(
  authority: Authority,
  object: Securable,
  privilege: Privilege,
): boolean {
  return actsFor(authority, object.owner) ||
    object.acl.some((entry) =>
      entry.grantable && entry.privilege === privilege &&
      entry.grantee !== null && authority.uses.has(entry.grantee)
    );
}

/**
 * Whom to become, so that a grant or its taking back is in the name of this grantor: the owner of the object, or somebody
 * with a grant option. Null: nobody, as the server picks that one anyhow. It takes the current role itself where that has
 * the grant option, and else any of its roles that has (`select_best_grantor` of `acl.c`).
 */
export function becomeFor(
  authority: Authority,
  grantor: string,
  object: Securable,
  privileges: readonly Privilege[],
): string | null {
  const { role, superuser, uses } = authority;
  const isOwner = grantor === object.owner;
  if (superuser) return isOwner ? null : grantor;
  if (grantor === role) return null;
  const isAmbiguous = entriesOf(object).some((entry) =>
    entry.grantable && privileges.includes(entry.privilege) &&
    entry.grantee !== null && entry.grantee !== object.owner &&
    uses.has(entry.grantee)
  );
  return isOwner && uses.has(grantor) && !isAmbiguous ? null : grantor;
}
