import type { Secret } from "../secret.ts";

/** One line of a passfile. */
export interface PassfileEntry {
  /** Host name as the client is given it, not the address it dials. */
  host: string;
  /** Port that the client dials. */
  port: number;
  /** Database; `*` stands for any. */
  database: string;
  /** User. */
  username: string;
  /** Password. */
  password: Secret;
}

/**
 * Gives a field back, if it can stand in a passfile.
 *
 * @throws {RangeError} when the text holds a line break or NUL, which no passfile can carry
 */
export function checkPassfileField(text: string): string {
  // deno-lint-ignore no-control-regex -- NUL is looked for
  if (/[\r\n\u0000]/.test(text)) {
    throw new RangeError(
      "A field of a passfile cannot hold a line break or NUL",
    );
  }
  return text;
}

/**
 * Escapes a field of a passfile: a backslash before each `:` and `\` (PostgreSQL manual, "The Password File"). A token
 * always needs it: unescaped, libpq takes the text before its first colon for the whole password.
 *
 * @throws {RangeError} when the text holds a line break or NUL, which no passfile can carry
 */
export function escapePassfileField(text: string): string {
  return checkPassfileField(text).replace(/[\\:]/g, "\\$&");
}

/**
 * Writes one line of a passfile, without its line end.
 *
 * @throws {RangeError} when a field holds a line break or NUL
 */
export function formatPassfileLine(entry: PassfileEntry): string {
  const { host, port, database, username, password } = entry;
  const line = [
    escapeName(host),
    port,
    database === "*" ? "*" : escapeName(database),
    escapeName(username),
    escapePassfileField(password.reveal()),
  ].join(":");
  return line.startsWith("#") ? `\\${line}` : line;
}

/** Escapes a name, which would be any if it stood there as `*`. */
function escapeName(name: string): string {
  return name === "*" ? "\\*" : escapePassfileField(name);
}
