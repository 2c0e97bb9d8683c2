import type { ObjectKind, Privilege, SchemaObjectKind } from "./privilege.ts";

/** The first release that keeps INHERIT and SET with each membership, as `server_version_num`. */
export const MEMBERSHIP_OPTIONS_SINCE = 160000;

/** What a role is and may do, as far as somebody who is no superuser can see. */
export interface Role {
  readonly name: string;
  readonly login: boolean;
  readonly superuser: boolean;
  readonly createRole: boolean;
  /** Before PostgreSQL 16: whether it has the privileges of the roles it is a member of without `SET ROLE`. */
  readonly inherit: boolean;
  /**
   * Whether its password, if it has one, is past `VALID UNTIL`. Whether there is a password at all cannot be read on
   * RDS: `pg_authid` is closed and `pg_roles.rolpassword` always shows asterisks.
   */
  readonly passwordExpired: boolean;
  /**
   * Its open sessions, without the one that reads this. On RDS a role outside of `rds_iam` can only have opened them
   * with a password (or Kerberos): the one sign of a password in use that everybody may see.
   */
  readonly sessions: number;
}

/** That one role is a member of another. From PostgreSQL 16 the same pair may occur once for each grantor. */
export interface Membership {
  readonly role: string;
  readonly member: string;
  /** Null when the grantor was dropped since, which is possible before PostgreSQL 16. */
  readonly grantor: string | null;
  /** The member may grant the role to others. */
  readonly admin: boolean;
  /** The member has the privileges of the role. Before PostgreSQL 16: {@linkcode Role.inherit} of the member. */
  readonly inherit: boolean;
  /** The member may `SET ROLE`. Before PostgreSQL 16: always. */
  readonly set: boolean;
}

/** One privilege that somebody holds. */
export interface AclEntry {
  /** Null is PUBLIC. */
  readonly grantee: string | null;
  readonly privilege: Privilege;
  readonly grantable: boolean;
  readonly grantor: string;
}

/** Something that privileges are held on. A missing ACL is read as PostgreSQL's built-in one. */
export interface Securable {
  readonly kind: ObjectKind;
  readonly name: string;
  readonly owner: string;
  /** Held by the roles of the {@linkcode CatalogScope} and PUBLIC, and what the current role may pass on. */
  readonly acl: readonly AclEntry[];
}

/** A schema. */
export interface Schema extends Securable {
  readonly kind: "schema";
  /** The current role has USAGE: without it nothing in the schema can be named. */
  readonly usable: boolean;
}

/** A type, by the name that finds it whatever the search path is. */
export interface TypeName {
  readonly schema: string;
  readonly name: string;
}

/** A table, sequence or function. */
export interface SchemaObject extends Securable {
  readonly kind: SchemaObjectKind;
  readonly schema: string;
  /** Input types of a function, which tell it from others of the same name; empty otherwise. */
  readonly argumentTypes: readonly TypeName[];
  /** It belongs to an extension. RDS's own superuser owns most of these. */
  readonly extension: boolean;
}

/** What objects of an owner will be created with (`pg_default_acl`). */
export interface DefaultAcl {
  readonly owner: string;
  /** Null: in every schema. */
  readonly schema: string | null;
  readonly objects: SchemaObjectKind;
  readonly acl: readonly AclEntry[];
}

/** What would stop a role from being dropped (`pg_shdepend`). */
export interface Dependents {
  readonly role: string;
  /** Null: shared by all databases, as a privilege on a database is. */
  readonly database: string | null;
  /** How many things the role owns there. */
  readonly owned: number;
  /** How many others name it: privileges, default privileges, policies. */
  readonly others: number;
}

/** What to read: everything else is left out, so that a database with many schemas stays quick. */
export interface CatalogScope {
  /** Roles whose privileges matter. */
  readonly grantees: readonly string[];
  /** Schemas whose objects of each kind matter. */
  readonly objects: Readonly<Record<SchemaObjectKind, readonly string[]>>;
  /** Roles that are to be dropped. */
  readonly drop: readonly string[];
}

/** A database as it is, as far as a {@linkcode CatalogScope} asks. */
export interface Catalog {
  /** `server_version_num`: 150018 is 15.18. */
  readonly serverVersion: number;
  /** The role that logged in: the one that must not be locked out. */
  readonly sessionUser: string;
  /** The role whose privileges count; the same, unless `ALTER ROLE … SET role` says otherwise. */
  readonly currentUser: string;
  readonly roles: readonly Role[];
  readonly memberships: readonly Membership[];
  readonly database: Securable;
  /** All schemas but PostgreSQL's own. */
  readonly schemas: readonly Schema[];
  /** All tables, sequences and functions of the schemas in scope, in the order of their names. */
  readonly objects: readonly SchemaObject[];
  readonly defaultAcls: readonly DefaultAcl[];
  readonly dependents: readonly Dependents[];
}

/** The role of this name, if there is one. */
export function findRole(catalog: Catalog, name: string): Role | undefined {
  return catalog.roles.find((role) => role.name === name);
}
