import { Secret } from "./secret.ts";

/** What a password is looked up for. */
export interface PassfileQuery {
  /** Host name as the client is given it, not the address it dials. */
  host: string;
  /** Port that the client dials. */
  port: number;
  database: string;
  username: string;
}

/** Five fields, the last without an end of its own, each of escaped or plain characters. */
const LINE =
  /^((?:\\.|[^:\\])*):((?:\\.|[^:\\])*):((?:\\.|[^:\\])*):((?:\\.|[^:\\])*):((?:\\.|[^:\\]|\\$)*)/su;

function unescape(field: string): string {
  return field.replace(/\\(.)/gsu, "$1");
}

function matches(field: string | undefined, value: string): boolean {
  return field === "*" || (field !== undefined && unescape(field) === value);
}

/**
 * Finds a password in the text of a passfile as libpq does (`passwordFromFile` of `fe-connect.c`): the first line that
 * matches counts, `*` alone matches anything, a backslash takes the next character as it is, `#` in the first column
 * begins a comment, and what follows an unescaped colon in the password is not part of it.
 *
 * @returns the password, or `undefined` when no line matches or the first one that does holds none
 */
export function findPassword(
  text: string,
  query: PassfileQuery,
): Secret | undefined {
  for (const line of text.split("\n")) {
    if (line.startsWith("#")) continue;
    const fields = LINE.exec(line.replace(/\r$/, ""));
    if (fields === null) continue;
    const [, host, port, database, username, password = ""] = fields;
    const isMatch = matches(host, query.host) &&
      matches(port, String(query.port)) &&
      matches(database, query.database) && matches(username, query.username);
    if (!isMatch) continue;
    return password === "" ? undefined : new Secret(unescape(password));
  }
  return undefined;
}
