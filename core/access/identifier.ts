import { RdsiamError } from "../errors.ts";

/**
 * The longest name PostgreSQL keeps, in bytes of UTF-8: `NAMEDATALEN - 1` of `src/include/pg_config_manual.h`.
 * Anything longer is cut without an error, so that the name would be another one.
 */
export const MAX_NAME_BYTES = 63;

/** What forges lines or hides text on a terminal: C1 controls, marks and overrides of the writing direction. */
const INVISIBLE =
  /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * A name for people: in double quotes, always on one line, whatever is in it. Not for SQL.
 *
 * @example A name with a line break
 * ```ts
 * import { displayName } from "./identifier.ts";
 *
 * if (displayName("a\nb") !== '"a\\nb"') throw new Error("not escaped");
 * ```
 */
export function displayName(name: string): string {
  return JSON.stringify(name).replace(
    INVISIBLE,
    (character) =>
      `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Why no identifier of PostgreSQL can be this name, or undefined when one can. Quoted, anything else is allowed:
 * quotes, dots, spaces, capitals, line breaks.
 */
export function nameProblem(name: string): string | undefined {
  if (name === "") return "it is empty";
  if (name.includes("\0")) return "it holds a NUL character";
  // Encoding would replace the half character, and so name something else.
  if (!name.isWellFormed()) return "it is not well-formed Unicode";
  const bytes = new TextEncoder().encode(name).length;
  if (bytes > MAX_NAME_BYTES) {
    return `it has ${bytes} bytes, and PostgreSQL cuts names after ${MAX_NAME_BYTES}`;
  }
  return undefined;
}

/**
 * Refuses a name that no identifier can be.
 *
 * @throws {RdsiamError} `usage`, with the reason (see {@linkcode nameProblem}).
 */
export function checkName(name: string): void {
  const problem = nameProblem(name);
  if (problem === undefined) return;
  throw new RdsiamError(
    "usage",
    `Name ${displayName(name)} cannot be used: ${problem}`,
  );
}

/**
 * The name as an identifier in SQL, always in double quotes: PostgreSQL reads back exactly this name.
 *
 * @throws {RdsiamError} `usage`, when no identifier can be this name (see {@linkcode nameProblem}).
 *
 * @example A quote is doubled
 * ```ts
 * import { quoteIdentifier } from "./identifier.ts";
 *
 * if (quoteIdentifier('a"b') !== '"a""b"') throw new Error("not quoted");
 * ```
 */
export function quoteIdentifier(name: string): string {
  checkName(name);
  return `"${name.replaceAll('"', '""')}"`;
}

/** `"schema"."name"`. Throws as {@linkcode quoteIdentifier} does. */
export function quoteQualified(schema: string, name: string): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

/**
 * The text as a string literal in SQL. A backslash takes the `E` form, which means the same whatever
 * `standard_conforming_strings` says (as `quote_literal` of PostgreSQL does).
 *
 * @throws {RdsiamError} `usage`, when the text holds a NUL character or half a surrogate pair.
 */
export function quoteLiteral(text: string): string {
  if (text.includes("\0") || !text.isWellFormed()) {
    throw new RdsiamError(
      "usage",
      "Text cannot be sent to PostgreSQL: it holds a NUL character or is not well-formed Unicode",
    );
  }
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes("\\") ? `E${quoted.replaceAll("\\", "\\\\")}` : quoted;
}
