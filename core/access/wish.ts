import type { CatalogScope } from "./catalog.ts";
import { checkName } from "./identifier.ts";
import type { Privilege, SchemaObjectKind } from "./privilege.ts";
import type { Selection } from "./selection.ts";

/** Some privileges, or every one that the server knows for the kind of object. */
export type PrivilegeSet = "all" | readonly Privilege[];

/** Privileges on something. */
export type PrivilegeWish =
  /** On the database that the session is in. */
  | { readonly kind: "database"; readonly privileges: PrivilegeSet }
  | {
    readonly kind: "schema";
    readonly schema: string;
    readonly privileges: PrivilegeSet;
  }
  | {
    readonly kind: SchemaObjectKind;
    readonly schema: string;
    readonly names: Selection;
    readonly privileges: PrivilegeSet;
  }
  /** On objects that `owner` will create in the schema. */
  | {
    readonly kind: "default";
    readonly owner: string;
    readonly schema: string;
    readonly objects: SchemaObjectKind;
    readonly privileges: PrivilegeSet;
  };

/** Who should be able to log in, and to do what. */
export interface GrantWish {
  readonly kind: "grant";
  /** Who is to have the access. */
  readonly users: readonly string[];
  /** Create the users that are missing; otherwise a missing one is an error. */
  readonly createUsers: boolean;
  /** They log in with IAM: LOGIN and membership in `rds_iam`, which is granted last. */
  readonly iam: boolean;
  /** Create a missing `rds_iam`: for a server other than RDS. */
  readonly createRdsIam: boolean;
  /** Give the privileges to this NOLOGIN role and make the users members of it. */
  readonly group: { readonly name: string; readonly create: boolean } | null;
  readonly privileges: readonly PrivilegeWish[];
}

/** What to take away. */
export interface RevokeWish {
  readonly kind: "revoke";
  /** Whose memberships and logins are meant. */
  readonly users: readonly string[];
  /** Take `rds_iam` from the users: they are back to password logins. */
  readonly iam: boolean;
  /** Group roles that the users shall leave. */
  readonly groups: readonly string[];
  /** Whom the privileges are taken from: the users or a group. */
  readonly grantees: readonly string[];
  readonly privileges: readonly PrivilegeWish[];
  /**
   * Empty the users out: what they own in this database goes to `reassignTo` (default: the current role), what they
   * may do in it is taken back, and with `dropRole` they are dropped.
   */
  readonly remove:
    | { readonly reassignTo: string | null; readonly dropRole: boolean }
    | null;
}

/** What is wished for. */
export type Wish = GrantWish | RevokeWish;

/** The roles that privileges are granted to or revoked from. */
export function granteesOf(wish: Wish): readonly string[] {
  if (wish.kind === "revoke") return [...new Set(wish.grantees)];
  return wish.group === null ? [...new Set(wish.users)] : [wish.group.name];
}

/**
 * What has to be read of the catalog to plan this wish.
 *
 * @throws {RdsiamError} `usage`, when a name is one that no role or schema can have.
 */
export function scopeOf(wish: Wish): CatalogScope {
  const objects: Record<SchemaObjectKind, string[]> = {
    table: [],
    sequence: [],
    function: [],
  };
  for (const privileges of wish.privileges) {
    if ("names" in privileges) {
      objects[privileges.kind].push(privileges.schema);
    }
  }
  const grantees = granteesOf(wish);
  const names = [...grantees, ...wish.users, ...Object.values(objects).flat()];
  for (const name of names) checkName(name);
  return {
    grantees,
    objects,
    losing: wish.kind === "revoke",
    drop: wish.kind === "revoke" && wish.remove !== null ? wish.users : [],
  };
}
