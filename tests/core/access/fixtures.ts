import type {
  AclEntry,
  Catalog,
  Membership,
  OwnedObject,
  Role,
  Schema,
  SchemaObject,
} from "../../../core/access/catalog.ts";
import type {
  Privilege,
  SchemaObjectKind,
} from "../../../core/access/privilege.ts";
import type {
  GrantWish,
  PrivilegeWish,
  RevokeWish,
} from "../../../core/access/wish.ts";

/** A role that can log in, unless told otherwise. */
export function role(name: string, other: Partial<Role> = {}): Role {
  return {
    name,
    login: true,
    superuser: false,
    createRole: false,
    inherit: true,
    passwordExpired: false,
    sessions: 0,
    ...other,
  };
}

/** A role that cannot log in. */
export function group(name: string, other: Partial<Role> = {}): Role {
  return role(name, { login: false, ...other });
}

/** An ordinary membership. */
export function member(
  name: string,
  of: string,
  other: Partial<Membership> = {},
): Membership {
  return {
    role: of,
    member: name,
    grantor: "rdsadmin",
    admin: false,
    inherit: true,
    set: true,
    ...other,
  };
}

/** Only the right to grant the role on: what PostgreSQL 16 gives the creator. */
export const ADMIN_ONLY = { admin: true, inherit: false, set: false };

/** One ACL entry for each privilege. */
export function acl(
  grantee: string | null,
  privileges: readonly Privilege[],
  grantor: string,
  grantable = false,
): readonly AclEntry[] {
  return privileges.map((privilege) => ({
    grantee,
    privilege,
    grantable,
    grantor,
  }));
}

/** An object of schema public that the master owns. */
export function object(
  kind: SchemaObjectKind,
  name: string,
  other: Partial<SchemaObject> = {},
): SchemaObject {
  return {
    kind,
    schema: "public",
    name,
    owner: "master",
    argumentTypes: [],
    extension: false,
    acl: [],
    columns: [],
    definer: false,
    ...other,
  };
}

/** A table that a role owns. */
export function owned(
  role: string,
  other: Partial<OwnedObject> = {},
): OwnedObject {
  return {
    role,
    type: "table",
    identity: "public.a",
    shared: false,
    follows: false,
    ...other,
  };
}

/** A schema that everybody may use. */
export function schema(name: string, other: Partial<Schema> = {}): Schema {
  return {
    kind: "schema",
    name,
    owner: "pg_database_owner",
    usable: true,
    acl: acl(null, ["USAGE"], "pg_database_owner"),
    ...other,
  };
}

/** RDS with PostgreSQL 15: a master user that is no superuser and owns database app. */
export function catalog(other: Partial<Catalog> = {}): Catalog {
  return {
    serverVersion: 150018,
    sessionUser: "master",
    currentUser: "master",
    roles: [
      role("rdsadmin", { superuser: true, createRole: true }),
      role("master", { createRole: true, sessions: 1 }),
      group("rds_iam"),
      group("rds_superuser"),
    ],
    memberships: [member("master", "rds_superuser")],
    database: {
      kind: "database",
      name: "app",
      owner: "master",
      acl: acl(null, ["CONNECT", "TEMPORARY"], "master"),
    },
    schemas: [schema("public")],
    objects: [],
    further: [],
    others: [],
    shared: [],
    defaultAcls: [],
    views: [],
    policies: [],
    owned: [],
    userMappings: [],
    dependents: [],
    leftovers: [],
    ...other,
  };
}

/** The same with more roles and memberships. */
export function catalogWith(
  roles: readonly Role[],
  memberships: readonly Membership[] = [],
  other: Partial<Catalog> = {},
): Catalog {
  const base = catalog(other);
  return {
    ...base,
    roles: [...base.roles, ...roles],
    memberships: [...base.memberships, ...memberships],
  };
}

/** setup-db for one user. */
export function grantWish(
  user: string,
  privileges: readonly PrivilegeWish[] = [],
  other: Partial<GrantWish> = {},
): GrantWish {
  return {
    kind: "grant",
    users: [user],
    createUsers: true,
    iam: true,
    createRdsIam: false,
    group: null,
    privileges,
    ...other,
  };
}

/** A revocation for one user. */
export function revokeWish(
  user: string,
  privileges: readonly PrivilegeWish[] = [],
  other: Partial<RevokeWish> = {},
): RevokeWish {
  return {
    kind: "revoke",
    users: [user],
    iam: false,
    groups: [],
    grantees: [user],
    privileges,
    remove: null,
    ...other,
  };
}
