import type { OwnedObject, TypeName } from "./catalog.ts";
import type {
  DefaultKind,
  OtherKind,
  Privilege,
  SchemaObjectKind,
} from "./privilege.ts";

/** An object of a schema, by what tells it from the others of its kind. */
export interface ObjectName {
  readonly name: string;
  /** Input types, for functions; empty otherwise. */
  readonly argumentTypes: readonly TypeName[];
}

/** What a step grants privileges on. */
export type On =
  | { readonly kind: "database"; readonly name: string }
  | { readonly kind: "schema"; readonly name: string }
  | { readonly kind: "tablespace"; readonly name: string }
  | {
    readonly kind: OtherKind;
    /** Of a type. */
    readonly schema: string | null;
    readonly name: string;
  }
  | {
    readonly kind: SchemaObjectKind;
    readonly schema: string;
    /** `all`: every one the schema has when the step is applied. */
    readonly objects: "all" | readonly ObjectName[];
    /** How many there are now. */
    readonly count: number;
  };

/** One change. */
export type Step =
  | {
    readonly kind: "create-role";
    readonly role: string;
    readonly login: boolean;
  }
  /** `ALTER ROLE … LOGIN` for a role that is there already. */
  | { readonly kind: "allow-login"; readonly role: string }
  | {
    readonly kind: "grant-membership";
    readonly role: string;
    readonly member: string;
    /** Write out `WITH INHERIT TRUE`: the member shall use the privileges without `SET ROLE` (PostgreSQL 16). */
    readonly inherit: boolean;
  }
  | {
    readonly kind: "revoke-membership";
    readonly role: string;
    readonly member: string;
    /** Whose grant is taken back, where each grantor has its own (PostgreSQL 16); null: the current role's. */
    readonly grantor: string | null;
    /** What the member has granted by it goes as well. */
    readonly cascade: boolean;
  }
  /** Somebody keeps a membership although the one who granted it goes (PostgreSQL 16). */
  | {
    readonly kind: "keep-membership";
    readonly role: string;
    readonly member: string;
    readonly admin: boolean;
    readonly inherit: boolean;
    readonly set: boolean;
    /** The grantor from now on; null: whom the server takes. */
    readonly by: string | null;
    /** Who granted it until now. */
    readonly grantor: string;
  }
  | {
    readonly kind: "grant-privileges";
    readonly privileges: readonly Privilege[];
    readonly on: On;
    readonly grantee: string;
  }
  | {
    readonly kind: "revoke-privileges";
    readonly privileges: readonly Privilege[];
    readonly on: On;
    /** Null is PUBLIC. */
    readonly grantee: string | null;
    /** Whose grants are taken back; null: the owner's. */
    readonly grantor: string | null;
    /** The role to become for it; null: none. */
    readonly as: string | null;
    /** What the grantee has passed on goes as well. */
    readonly cascade: boolean;
  }
  /** Somebody keeps privileges although the one who passed them on loses them. */
  | {
    readonly kind: "keep-privileges";
    readonly privileges: readonly Privilege[];
    readonly on: On;
    /** Null: on the whole; otherwise on this column of a table. */
    readonly column: string | null;
    /** Null is PUBLIC. */
    readonly grantee: string | null;
    readonly grantOption: boolean;
    /** The grantor from now on; null: the owner. */
    readonly by: string | null;
    /** The role to become for it; null: none. */
    readonly as: string | null;
    /** Who granted them until now. */
    readonly grantor: string;
  }
  | {
    readonly kind: "grant-default-privileges" | "revoke-default-privileges";
    readonly privileges: readonly Privilege[];
    readonly owner: string;
    /** Null: for all schemas. */
    readonly schema: string | null;
    readonly objects: DefaultKind;
    /** Null is PUBLIC. */
    readonly grantee: string | null;
  }
  | {
    readonly kind: "reassign-owned";
    readonly role: string;
    readonly to: string;
    /** How many things that is, by their kind. */
    readonly counts: Readonly<Record<string, number>>;
    /** These alone, one by one: others of the role stay. Null: all of them. */
    readonly only: readonly OwnedObject[] | null;
  }
  | {
    readonly kind: "drop-user-mapping";
    readonly role: string;
    readonly server: string;
    /** The role to become for it; null: none. */
    readonly as: string | null;
  }
  /** A policy for others from now on; for nobody: it is dropped. */
  | {
    readonly kind: "narrow-policy";
    readonly schema: string;
    readonly table: string;
    readonly name: string;
    /** Whom it is no longer for. */
    readonly from: readonly string[];
    readonly to: readonly string[];
  }
  | { readonly kind: "drop-role"; readonly role: string };

/** A wish that is fulfilled already. */
export interface Already {
  /** The step that is not needed. */
  readonly step: Step;
  /** PUBLIC, or the role through which it is so; null: directly. */
  readonly through: string | null;
}

/** Something worth telling that stops nothing. */
export interface Notice {
  readonly kind:
    | "nothing-there"
    | "no-match"
    | "skipped-extension"
    | "owner-keeps"
    | "public-keeps"
    | "role-keeps"
    | "policy-keeps"
    | "outside-keeps"
    | "default-keeps"
    | "public-creates"
    | "still-member"
    | "not-inherited"
    | "similar-role"
    | "open-sessions";
  readonly message: string;
}

/** What to do for a wish, in the order to do it. No steps: all is as wished. */
export interface Plan {
  /** `server_version_num` of the server it was made for. */
  readonly serverVersion: number;
  readonly database: string;
  /** Whom something is taken from, since that was wished: losses of others are a matter of their own. */
  readonly subjects: readonly string[];
  readonly steps: readonly Step[];
  readonly already: readonly Already[];
  readonly notices: readonly Notice[];
}
