import { RdsiamError } from "../../errors.ts";
import { didYouMean } from "../../text/nearest.ts";

/** What privileges are held on: `routine` is a function or a procedure. */
export type Level = "database" | "table" | "routine";

/** The right to pass on what one holds; it is read and taken, and never given. */
export const GRANT_OPTION = "GRANT OPTION";

/** What can be given on a database, in the order in which the manuals list it. */
const ON_DATABASE: readonly string[] = [
  "SELECT",
  "INSERT",
  "UPDATE",
  "DELETE",
  "CREATE",
  "DROP",
  "REFERENCES",
  "INDEX",
  "ALTER",
  "CREATE TEMPORARY TABLES",
  "LOCK TABLES",
  "EXECUTE",
  "CREATE VIEW",
  "SHOW VIEW",
  "CREATE ROUTINE",
  "ALTER ROUTINE",
  "EVENT",
  "TRIGGER",
];

/** What no single table has. */
const NOT_ON_TABLE = new Set([
  "CREATE TEMPORARY TABLES",
  "LOCK TABLES",
  "EXECUTE",
  "CREATE ROUTINE",
  "ALTER ROUTINE",
  "EVENT",
]);

/**
 * What rdsiam gives on each level. It is what RDS's master user holds itself: `ALL PRIVILEGES` is more on MariaDB, and then
 * refused as a whole.
 */
export const PRIVILEGES: Readonly<Record<Level, readonly string[]>> = {
  database: ON_DATABASE,
  table: ON_DATABASE.filter((privilege) => !NOT_ON_TABLE.has(privilege)),
  routine: ["EXECUTE", "ALTER ROUTINE"],
};

const NOUNS: Readonly<Record<Level, string>> = {
  database: "database",
  table: "table",
  routine: "function or procedure",
};

/** Whether the text names a privilege of this level. */
export function isPrivilegeOf(level: Level, text: string): boolean {
  return PRIVILEGES[level].includes(spelt(text));
}

function spelt(text: string): string {
  return text.trim().replace(/\s+/g, " ").toUpperCase();
}

/**
 * Privileges as a person lists them, in the manual's order; `ALL` is every one that rdsiam gives, written out.
 *
 * @throws {RdsiamError} `usage`, when this level has no such privilege
 */
export function parsePrivileges(
  level: Level,
  texts: readonly string[],
): readonly string[] {
  const known = PRIVILEGES[level];
  const wanted = new Set(texts.flatMap((text) => {
    const privilege = spelt(text);
    if (/^ALL( PRIVILEGES)?$/.test(privilege)) return known;
    if (known.includes(privilege)) return [privilege];
    throw new RdsiamError(
      "usage",
      `Privilege ${JSON.stringify(text)} cannot be used: a ${
        NOUNS[level]
      } has ${known.join(", ")}`,
      { hint: didYouMean(privilege, known) ?? "Name one of these, or ALL" },
    );
  }));
  return known.filter((privilege) => wanted.has(privilege));
}

const SPELLINGS: Readonly<Record<string, string>> = {
  GRANT: GRANT_OPTION,
  "CREATE TMP TABLE": "CREATE TEMPORARY TABLES",
  "SHOW DB": "SHOW DATABASES",
  "REPL SLAVE": "REPLICATION SLAVE",
  "REPL CLIENT": "REPLICATION CLIENT",
  "DELETE VERSIONING ROWS": "DELETE HISTORY",
};

/** A privilege as the tables of the server name it, such as `Create_tmp_table_priv` or `Show view`, as SQL does. */
export function privilegeOfTable(text: string): string {
  const name = text.replace(/_priv$/, "").replaceAll("_", " ").toUpperCase();
  return SPELLINGS[name] ?? name;
}
