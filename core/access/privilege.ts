import { RdsiamError } from "../errors.ts";
import { didYouMean } from "../text/nearest.ts";

/** The kinds of a schema's objects that a wish may name; `function` includes procedures and aggregates. */
export type SchemaObjectKind = "table" | "sequence" | "function";

/** Kinds of a database that no wish names, but that a user who is removed may have to do with. */
export const OTHER_KINDS = [
  "type",
  "language",
  "foreign-data-wrapper",
  "foreign-server",
  "large-object",
] as const;

/** One of {@linkcode OTHER_KINDS}. */
export type OtherKind = typeof OTHER_KINDS[number];

/** What privileges are held on. `table` stands for views, materialized views and foreign tables, too. */
export type ObjectKind =
  | "database"
  | "tablespace"
  | "schema"
  | SchemaObjectKind
  | OtherKind;

/** What default privileges are for (`pg_default_acl`). */
export const DEFAULT_KINDS = [
  "table",
  "sequence",
  "function",
  "schema",
  "type",
  "large-object",
] as const;

/** One of {@linkcode DEFAULT_KINDS}. */
export type DefaultKind = typeof DEFAULT_KINDS[number];

/** A privilege, spelt as `aclexplode` of PostgreSQL spells it. */
export type Privilege =
  | "SELECT"
  | "INSERT"
  | "UPDATE"
  | "DELETE"
  | "TRUNCATE"
  | "REFERENCES"
  | "TRIGGER"
  | "MAINTAIN"
  | "USAGE"
  | "CREATE"
  | "CONNECT"
  | "TEMPORARY"
  | "EXECUTE";

/** The first release with `MAINTAIN`, as `server_version_num`. */
const MAINTAIN_SINCE = 170000;

/** What can be granted on each kind, in the order PostgreSQL's manual lists it ("Privileges", table 5.2). */
const PRIVILEGES: Record<ObjectKind, readonly Privilege[]> = {
  database: ["CONNECT", "CREATE", "TEMPORARY"],
  schema: ["USAGE", "CREATE"],
  table: [
    "SELECT",
    "INSERT",
    "UPDATE",
    "DELETE",
    "TRUNCATE",
    "REFERENCES",
    "TRIGGER",
    "MAINTAIN",
  ],
  sequence: ["USAGE", "SELECT", "UPDATE"],
  function: ["EXECUTE"],
  type: ["USAGE"],
  language: ["USAGE"],
  "foreign-data-wrapper": ["USAGE"],
  "foreign-server": ["USAGE"],
  "large-object": ["SELECT", "UPDATE"],
  tablespace: ["CREATE"],
};

/** Every privilege of this kind that a server of this version (`server_version_num`) knows. */
export function privilegesOf(
  kind: ObjectKind,
  serverVersion: number,
): readonly Privilege[] {
  return PRIVILEGES[kind].filter((privilege) =>
    privilege !== "MAINTAIN" || serverVersion >= MAINTAIN_SINCE
  );
}

/** Whether the text names a privilege of this kind, in any version. */
export function isPrivilege(kind: ObjectKind, text: string): text is Privilege {
  return (PRIVILEGES[kind] as readonly string[]).includes(text);
}

/**
 * A privilege as a person writes it, in any case; `TEMP` is `TEMPORARY`.
 *
 * @throws {RdsiamError} `usage`, when this kind of object has no such privilege.
 */
export function parsePrivilege(kind: ObjectKind, text: string): Privilege {
  const upper = text.trim().toUpperCase();
  const privilege = upper === "TEMP" ? "TEMPORARY" : upper;
  if (isPrivilege(kind, privilege)) return privilege;
  const known = PRIVILEGES[kind];
  throw new RdsiamError(
    "usage",
    `Privilege ${JSON.stringify(text)} cannot be used: a ${kind} has ${
      known.join(", ")
    }`,
    { hint: didYouMean(privilege, known) ?? "Name one of these, or ALL" },
  );
}
