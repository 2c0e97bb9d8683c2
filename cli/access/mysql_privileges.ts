import { CRUD, MYSQL_PRESETS } from "../../core/access/mysql/preset.ts";
import {
  isPrivilegeOf,
  parsePrivileges,
} from "../../core/access/mysql/privilege.ts";
import type { MysqlPrivilegeWish } from "../../core/access/mysql/wish.ts";
import { PRESETS } from "../../core/access/preset.ts";
import { parseNamePattern } from "../../core/access/selection.ts";
import { RdsiamError } from "../../core/errors.ts";
import { readChoice } from "../../core/text/choice.ts";
import type { PrivilegeOptions } from "./options.ts";

/**
 * The databases that the options mean: a schema of MySQL is a database.
 *
 * @param database the target's; empty for none
 * @throws {RdsiamError} `usage`, when there is none
 */
export function readDatabases(
  { schema }: PrivilegeOptions,
  database: string,
): readonly string[] {
  if (schema !== undefined) return [...new Set(schema)];
  if (database !== "") return [database];
  throw new RdsiamError("usage", "Database is missing", {
    hint: "Name it with --dbname, or with --schema",
  });
}

/**
 * The privileges that the options name in MySQL and MariaDB; none, when they name none.
 *
 * @param database the target's; empty for none
 * @throws {RdsiamError} `usage`, when they do not fit together or a name in them is not known
 */
export function readMysqlPrivileges(
  options: PrivilegeOptions,
  database: string,
): readonly MysqlPrivilegeWish[] {
  const { grantPublicCrud, preset, privileges, tables, functions } = options;
  checkTogether(options);
  const isNone = !grantPublicCrud && preset === undefined &&
    privileges === undefined;
  if (isNone) return [];
  const presets = [
    ...(grantPublicCrud ? [CRUD] : []),
    ...(preset === undefined
      ? []
      : [MYSQL_PRESETS[readChoice(preset, PRESETS, "Preset")]]),
  ];
  return readDatabases(options, database).flatMap((name) => [
    ...presets.map((each): MysqlPrivilegeWish => ({
      kind: "database",
      database: name,
      privileges: each,
    })),
    ...(privileges === undefined
      ? []
      : explicit({ privileges, tables, functions }, name)),
  ]);
}

/** Objects that do not exist yet are included wherever all of them are meant. */
function explicit(
  { privileges, tables, functions }: {
    privileges: readonly string[];
    tables: readonly string[] | undefined;
    functions: readonly string[] | undefined;
  },
  database: string,
): readonly MysqlPrivilegeWish[] {
  const texts = privileges.flatMap((list) => list.split(","));
  if (tables === undefined && functions === undefined) {
    return [{
      kind: "database",
      database,
      privileges: parsePrivileges("database", texts),
    }];
  }
  return ([["table", tables], ["routine", functions]] as const).flatMap((
    [kind, names],
  ): MysqlPrivilegeWish[] => {
    if (names === undefined) return [];
    // One list serves both, where both are named.
    const own = tables !== undefined && functions !== undefined
      ? texts.filter((text) =>
        isPrivilegeOf(kind, text) || !isPrivilegeOf(other(kind), text)
      )
      : texts;
    const parsed = parsePrivileges(kind, own);
    if (parsed.length === 0) return [];
    return names.includes("*")
      ? [{ kind: "database", database, privileges: parsed }]
      : [{
        kind,
        database,
        names: names.map(parseNamePattern),
        privileges: parsed,
      }];
  });
}

function other(kind: "table" | "routine") {
  return kind === "table" ? "routine" : "table";
}

function checkTogether(options: PrivilegeOptions) {
  const { privileges, preset, schema, tables, functions, sequences } = options;
  function refuse(what: string, hint: string): never {
    throw new RdsiamError("usage", what, { hint });
  }
  if (sequences !== undefined) {
    refuse(
      "--sequences is for PostgreSQL",
      "A sequence of MariaDB is a table to GRANT: name it with --tables",
    );
  }
  const hasObjects = tables !== undefined || functions !== undefined;
  if (hasObjects && privileges === undefined) {
    refuse(
      `--${tables === undefined ? "functions" : "tables"} needs --privileges`,
      "Say which, such as --privileges SELECT,INSERT",
    );
  }
  const hasPrivileges = privileges !== undefined || preset !== undefined ||
    options.grantPublicCrud;
  if (schema !== undefined && !hasPrivileges && !isRemoval(options)) {
    refuse(
      "--schema needs --grant-public-crud, --preset or --privileges",
      "Say what may be done there, such as --preset readonly",
    );
  }
}

/** `revoke --all` and `--drop-role` name databases without privileges. */
function isRemoval(options: PrivilegeOptions): boolean {
  return "all" in options || "dropRole" in options;
}
