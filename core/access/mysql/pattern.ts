/**
 * How databases are named where privileges are granted on them: `_` and `%` stand for any characters there, unless a
 * backslash is before them or `partial_revokes` is on (MySQL manual, "GRANT Statement"; MariaDB's, "GRANT").
 *
 * @module
 */

/** The pattern that names this database alone. */
export function exactPattern(database: string, isLiteral: boolean): string {
  return isLiteral ? database : database.replace(/[\\_%]/g, "\\$&");
}

/** One step of a pattern: a character, any character, or any characters. */
function parts(pattern: string, isLiteral: boolean): readonly string[] {
  if (isLiteral) return [...pattern].map((character) => `=${character}`);
  return [...pattern.matchAll(/\\(.)|(.)/gsu)].map(([, escaped, plain]) =>
    escaped !== undefined
      ? `=${escaped}`
      : plain === "%" || plain === "_"
      ? plain
      : `=${plain}`
  );
}

/** The only database that a pattern names; `null` where it may name several. */
export function nameOfPattern(
  pattern: string,
  isLiteral: boolean,
): string | null {
  const found = parts(pattern, isLiteral);
  return found.some(isWild)
    ? null
    : found.map((part) => part.slice(1)).join("");
}

function isWild(part: string): boolean {
  return part === "%" || part === "_";
}

/** Whether the pattern names this database, perhaps among others. */
export function matchesDatabase(
  pattern: string,
  database: string,
  isLiteral: boolean,
): boolean {
  const source = parts(pattern, isLiteral).map((part) =>
    part === "%"
      ? ".*"
      : part === "_"
      ? "."
      : part.slice(1).replace(/[.+^${}()|[\]\\/*?-]/g, "\\$&")
  ).join("");
  return new RegExp(`^${source}$`, "su").test(database);
}

/**
 * How far a pattern goes before it stands for any characters. Of several that match the server takes the one that goes
 * furthest, and that one alone (`get_sort` of both servers' `sql_acl.cc` and `sql_auth_cache.cc`).
 */
export function specificity(pattern: string, isLiteral: boolean): number {
  const at = parts(pattern, isLiteral).findIndex(isWild);
  return at === -1 ? Infinity : at;
}
