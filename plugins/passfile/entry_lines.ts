import { errorMessage } from "../../core/errors.ts";
import type {
  PassfileDialect,
  PassfileEntry,
} from "../../core/passfile/line.ts";
import type { WriterEntry } from "../../core/writer/writer.ts";
import { passfileAddresses } from "../../core/passfile/addresses.ts";
import {
  type PassfilePattern,
  patternKey,
  patternOf,
} from "../../core/passfile/pattern.ts";

/** How a passfile is written. */
export interface PassfileStyle {
  /** Who reads it. */
  dialect: PassfileDialect;
  /** Whether a line is for any database on its server, or for the target's own. */
  database: "any" | "own";
}

/** A line that a passfile shall hold. */
export interface EntryLine {
  pattern: PassfilePattern;
  /** The line without its end. */
  content: string;
  /** The targets that it serves. */
  names: string[];
  /** When its token stops working, in milliseconds since the epoch; `undefined` if never. */
  expiresAt: number | undefined;
}

/**
 * The lines for these entries by their {@linkcode patternKey}. Entries that log in alike, under several names, share
 * a line: it holds the token that works longest.
 *
 * @throws {Error} when an entry cannot be written so that it is read back the same
 */
export function entryLines(
  entries: readonly WriterEntry[],
  style: PassfileStyle,
): Map<string, EntryLine> {
  const lines = new Map<string, EntryLine>();
  for (const entry of entries) {
    const { name, username, password } = entry;
    const database = style.database === "any" ? "*" : entry.database;
    const expiresAt = entry.expiresAt || undefined;
    for (const { host, port } of passfileAddresses(entry)) {
      const line = { host, port, database, username, password };
      const { content, pattern } = write(name, line, style.dialect);
      const key = patternKey(pattern);
      const same = lines.get(key);
      if (same === undefined) {
        lines.set(key, { pattern, content, names: [name], expiresAt });
        continue;
      }
      same.names.push(name);
      if ((expiresAt ?? Infinity) > (same.expiresAt ?? Infinity)) {
        Object.assign(same, { content, expiresAt });
      }
    }
  }
  return lines;
}

function write(
  name: string,
  entry: PassfileEntry,
  dialect: PassfileDialect,
): { content: string; pattern: PassfilePattern } {
  const { host, port, database, username, password } = entry;
  const content = format(name, entry, dialect);
  const read = dialect.read(content);
  const wrong = read === undefined || read.host !== host
    ? `host "${host}"`
    : read.port !== String(port)
    ? `port "${port}"`
    : (read.database ?? "*") !== database
    ? `database "${database}"`
    : read.username !== username
    ? `user name "${username}"`
    : read.password !== password.reveal() || read.password === ""
    ? "password"
    : undefined;
  if (read === undefined || wrong !== undefined) {
    throw new Error(`Cannot write "${name}": its ${wrong} cannot be read back`);
  }
  return { content, pattern: patternOf(read) };
}

function format(name: string, entry: PassfileEntry, dialect: PassfileDialect) {
  try {
    return dialect.format(entry);
  } catch (cause) {
    const why = errorMessage(cause);
    throw new Error(`Cannot write "${name}": ${why}`, { cause });
  }
}
