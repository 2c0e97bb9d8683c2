import type {
  DefaultKind,
  ObjectKind,
  OtherKind,
  Privilege,
  SchemaObjectKind,
} from "./privilege.ts";

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

/** One privilege that somebody holds on a column (`attacl`). */
export interface ColumnAclEntry extends AclEntry {
  readonly column: string;
}

/** Something that privileges are held on. A missing ACL is read as PostgreSQL's built-in one. */
export interface Securable {
  readonly kind: ObjectKind;
  readonly name: string;
  readonly owner: string;
  /**
   * All of it, where something is to be taken away. For a grant: what the roles of the {@linkcode CatalogScope} and PUBLIC
   * hold, and what the current role may pass on.
   */
  readonly acl: readonly AclEntry[];
}

/** What is no database, schema, table, sequence or function. */
export interface OtherObject extends Securable {
  readonly kind: OtherKind;
  /** Of a type. */
  readonly schema: string | null;
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
  /** It is a function that runs with the rights of its owner (SECURITY DEFINER). */
  readonly definer: boolean;
  /** Of a table, where something is to be taken away; empty otherwise. */
  readonly columns: readonly ColumnAclEntry[];
}

/** What objects of an owner will be created with (`pg_default_acl`). */
export interface DefaultAcl {
  readonly owner: string;
  /** Null: in every schema. */
  readonly schema: string | null;
  readonly objects: DefaultKind;
  readonly acl: readonly AclEntry[];
}

/** A view, as far as it reads with the rights of its owner. Its own privileges are among the objects. */
export interface View {
  readonly schema: string;
  readonly name: string;
  /** The tables and views right below it. */
  readonly below: readonly {
    readonly schema: string;
    readonly name: string;
    /** The columns it reads. */
    readonly columns: readonly string[];
    /** What it reads there depends on who reads it. */
    readonly rowSecurity: boolean;
  }[];
}

/** A policy of row security that names a role. */
export interface RowPolicy {
  readonly schema: string;
  readonly table: string;
  /** Of the table: who may change the policy. */
  readonly owner: string;
  readonly name: string;
  /** All that it names; it is for everybody otherwise. */
  readonly roles: readonly string[];
}

/** Something that a role owns, in this database or beside all of them. */
export interface OwnedObject {
  readonly role: string;
  /** Its kind in PostgreSQL's words, such as `materialized view` (`pg_identify_object`). */
  readonly type: string;
  /** Its name as SQL, quoted by the server. */
  readonly identity: string;
  /** It is beside all databases, as databases and tablespaces are. */
  readonly shared: boolean;
  /** It belongs to something else that has its owner, as the sequence of a column does. */
  readonly follows: boolean;
}

/** A role's login on a foreign server. */
export interface UserMapping {
  readonly role: string;
  readonly server: string;
  /** Of the server: who may drop it. */
  readonly owner: string;
  /** The role has USAGE on the server, and may drop it itself. */
  readonly usable: boolean;
}

/** What another database would stop a role from being dropped with (`pg_shdepend`). */
export interface Dependents {
  readonly role: string;
  readonly database: string;
  /** How many things the role owns there. */
  readonly owned: number;
  /** How many privileges and default privileges name it there. */
  readonly privileges: number;
  /** How many policies name it there. */
  readonly policies: number;
}

/** What depends on a role in a way that nothing else here has. */
export interface Leftover {
  readonly role: string;
  /** In PostgreSQL's words. */
  readonly text: string;
}

/** What to read: everything else is left out, so that a database with many schemas stays quick. */
export interface CatalogScope {
  /** Roles whose privileges matter. */
  readonly grantees: readonly string[];
  /** Schemas whose objects of each kind matter. */
  readonly objects: Readonly<Record<SchemaObjectKind, readonly string[]>>;
  /** Something is to be taken away: then others may lose by it, and all of each ACL counts. */
  readonly losing: boolean;
  /** Roles that are to be emptied out or dropped. */
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
  /** More of them: what a role to be removed owns or holds in other schemas, and what is below {@linkcode Catalog.views}. */
  readonly further: readonly SchemaObject[];
  /** What else of this database a role to be removed owns or holds. */
  readonly others: readonly OtherObject[];
  /** Other databases, and tablespaces, that a role to be removed owns or holds privileges on. */
  readonly shared: readonly Securable[];
  readonly defaultAcls: readonly DefaultAcl[];
  /** The views that may read less when something is taken away. */
  readonly views: readonly View[];
  /** The policies that name a role to be removed. */
  readonly policies: readonly RowPolicy[];
  /** What a role to be removed owns. */
  readonly owned: readonly OwnedObject[];
  readonly userMappings: readonly UserMapping[];
  readonly dependents: readonly Dependents[];
  readonly leftovers: readonly Leftover[];
}

/** The role of this name, if there is one. */
export function findRole(catalog: Catalog, name: string): Role | undefined {
  return catalog.roles.find((role) => role.name === name);
}
