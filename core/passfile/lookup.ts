import { readPassfileLine } from "./line.ts";
import { Secret } from "../secret.ts";

/** What a password is looked up for. */
export interface PassfileQuery {
  /** Host name as the client is given it, not the address it dials. */
  host: string;
  /** Port that the client dials. */
  port: number;
  database: string;
  username: string;
}

/**
 * Finds a password in the text of a passfile as libpq does: the first line that matches counts.
 *
 * @returns the password, or `undefined` when no line matches or the first one that does holds none
 */
export function findPassword(
  text: string,
  query: PassfileQuery,
): Secret | undefined {
  const names = { ...query, port: String(query.port) };
  for (const content of text.split("\n")) {
    const line = readPassfileLine(content);
    if (line === undefined) continue;
    const isMatch = (line.host ?? names.host) === names.host &&
      (line.port ?? names.port) === names.port &&
      (line.database ?? names.database) === names.database &&
      (line.username ?? names.username) === names.username;
    if (!isMatch) continue;
    return line.password === "" ? undefined : new Secret(line.password);
  }
  return undefined;
}
