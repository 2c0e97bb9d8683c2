import { readPassfileLine } from "./line.ts";
import { PatternIndex, patternOf } from "./pattern.ts";
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
  const lines = text.split("\n").map(readPassfileLine);
  const index = new PatternIndex({ oneDatabase: true });
  for (const [position, line] of lines.entries()) {
    if (line !== undefined) index.add(patternOf(line), position);
  }
  const { host, port, database, username } = query;
  const first = index.first([host, String(port), database, username]);
  const password = first === undefined ? undefined : lines[first]?.password;
  return password ? new Secret(password) : undefined;
}
