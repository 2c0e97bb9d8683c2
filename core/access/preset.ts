import type { Privilege } from "./privilege.ts";
import type { PrivilegeSet, PrivilegeWish } from "./wish.ts";

/** The names of the presets. */
export const PRESETS = ["readonly", "readwrite", "owner"] as const;

/**
 * Ready-made sets of privileges on a schema and all that is in it:
 *
 * - `readonly`: reads tables and the state of sequences (what `pg_dump` needs)
 * - `readwrite`: the four verbs on tables, `nextval` and `currval` on sequences
 * - `owner`: everything that can be granted, and CREATE in the schema. It cannot ALTER or DROP what others own: that
 *   takes membership in the owner's role
 *
 * None contains TRUNCATE, REFERENCES or TRIGGER below `owner`. EXECUTE is PUBLIC's by default, so only `owner` asks
 * for it.
 */
export type Preset = typeof PRESETS[number];

const CRUD: readonly Privilege[] = ["SELECT", "INSERT", "UPDATE", "DELETE"];

interface PresetPrivileges {
  readonly schema: PrivilegeSet;
  readonly table: PrivilegeSet;
  readonly sequence: PrivilegeSet;
  readonly function: PrivilegeSet;
}

const CONTENT: Record<Preset, PresetPrivileges> = {
  readonly: {
    schema: ["USAGE"],
    table: ["SELECT"],
    sequence: ["SELECT"],
    function: [],
  },
  readwrite: {
    schema: ["USAGE"],
    table: CRUD,
    sequence: ["USAGE", "SELECT"],
    function: [],
  },
  owner: { schema: "all", table: "all", sequence: "all", function: "all" },
};

/**
 * The right to connect to the database. PUBLIC has it unless an administrator took it away, and PUBLIC's counts, so
 * this usually asks for nothing; every login needs it.
 */
export const CONNECT: PrivilegeWish = {
  kind: "database",
  privileges: ["CONNECT"],
};

/** The privileges of a preset on a schema. It does not contain {@linkcode CONNECT}. */
export function presetPrivileges(
  preset: Preset,
  schema: string,
): readonly PrivilegeWish[] {
  const content = CONTENT[preset];
  const wishes: PrivilegeWish[] = [
    { kind: "schema", schema, privileges: content.schema },
  ];
  for (const kind of ["table", "sequence", "function"] as const) {
    const privileges = content[kind];
    if (privileges.length === 0) continue;
    wishes.push({ kind, schema, names: "all", privileges });
  }
  return wishes;
}

/** `--grant-public-crud`: the `readwrite` preset on schema public, in three statements at most. */
export function publicCrud(): readonly PrivilegeWish[] {
  return presetPrivileges("readwrite", "public");
}

/**
 * The same privileges on what these owners will create later: for each wish that takes all objects of a schema. Single
 * tables and patterns have no such thing in PostgreSQL.
 */
export function futurePrivileges(
  wishes: readonly PrivilegeWish[],
  owners: readonly string[],
): readonly PrivilegeWish[] {
  return owners.flatMap((owner) =>
    wishes.flatMap((wish): PrivilegeWish[] =>
      "names" in wish && wish.names === "all"
        ? [{
          kind: "default",
          owner,
          schema: wish.schema,
          objects: wish.kind,
          privileges: wish.privileges,
        }]
        : []
    )
  );
}
