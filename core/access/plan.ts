import type { TypeName } from "./catalog.ts";
import type { Privilege, SchemaObjectKind } from "./privilege.ts";

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
    readonly grantee: string;
    /** The role to become for it; null: the owner's grants, which the current role may take back itself. */
    readonly as: string | null;
  }
  | {
    readonly kind: "grant-default-privileges" | "revoke-default-privileges";
    readonly privileges: readonly Privilege[];
    readonly owner: string;
    readonly schema: string;
    readonly objects: SchemaObjectKind;
    readonly grantee: string;
  }
  | {
    readonly kind: "reassign-owned";
    readonly role: string;
    readonly to: string;
  }
  | { readonly kind: "drop-owned"; readonly role: string }
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
  readonly steps: readonly Step[];
  readonly already: readonly Already[];
  readonly notices: readonly Notice[];
}
