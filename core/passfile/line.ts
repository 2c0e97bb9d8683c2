import type { Secret } from "../secret.ts";

/** What a line of a passfile says; a name that is `undefined` was `*` and stands for any. */
export interface PassfileLine {
  /** Host name as the client is given it. */
  host: string | undefined;
  /** Port that the client dials, as text. */
  port: string | undefined;
  /** Database. */
  database: string | undefined;
  /** User. */
  username: string | undefined;
  /** Password. */
  password: string;
}

/** How a family of clients writes and reads the lines of a passfile. */
export interface PassfileDialect {
  /**
   * Writes one line, without its line end.
   *
   * @throws {RangeError} when a field holds a line break or NUL
   */
  format(entry: PassfileEntry): string;
  /** Reads a line as its clients do; `undefined` when they skip it: a comment, or fewer than five fields. */
  read(line: string): PassfileLine | undefined;
}

const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** Where a field that begins at `start` ends: at the next colon without a backslash before it, or -1. */
function endOfField(line: string, start: number): number {
  for (let index = start; index < line.length; index++) {
    const code = line.charCodeAt(index);
    if (code === BACKSLASH) index++;
    else if (code === COLON) return index;
  }
  return -1;
}

/**
 * Cuts a line into its first four fields, backslashes and all, and what follows their colons; `undefined` when there
 * are fewer than five.
 */
export function splitPassfileLine(
  line: string,
): { names: readonly string[]; rest: string } | undefined {
  const names: string[] = [];
  let start = 0;
  while (names.length < 4) {
    const end = endOfField(line, start);
    if (end < 0) return undefined;
    names.push(line.slice(start, end));
    start = end + 1;
  }
  return { names, rest: line.slice(start) };
}

/**
 * Reads a line as libpq does (`passwordFromFile` of `fe-connect.c`): a backslash takes the next character as it is, `*`
 * alone is any, `#` in the first column begins a comment, and what follows an unescaped colon in the password is not
 * part of it.
 *
 * @param line a line without its line feed
 */
export function readPassfileLine(line: string): PassfileLine | undefined {
  if (line.startsWith("#")) return undefined;
  const split = splitPassfileLine(line.replace(/\r+$/, ""));
  if (split === undefined) return undefined;
  const [host, port, database, username] = split.names.map((name) =>
    name === "*" ? undefined : unescape(name)
  );
  const end = endOfField(split.rest, 0);
  const password = unescape(end < 0 ? split.rest : split.rest.slice(0, end));
  return { host, port, database, username, password };
}

function unescape(field: string): string {
  return field.replace(/\\(.)/gsu, "$1");
}

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
