import {
  checkPassfileField,
  type PassfileEntry,
  type PassfileLine,
  splitPassfileLine,
} from "../core/passfile/line.ts";
import { passfileWriter } from "./passfile/writer.ts";
import type { PureWriter, WriterOption } from "../core/writer/writer.ts";

/**
 * A passfile as asyncpg reads it: backslashes stay where they are, so that a token must stand there unescaped, which
 * every other client would cut at its first colon. So it has no default path: it is a file of its own, for `passfile=`.
 * Option `database`: `any` (default) or the target's `own`.
 *
 * @throws {RangeError} when an option is not known or its value is wrong
 */
export default function pgpassRaw(
  options?: Readonly<Record<string, WriterOption>>,
): PureWriter {
  return {
    name: "pgpass-raw",
    describe: {
      summary: "passfile without escapes",
      clients: "asyncpg",
      rereads: "connection",
      holdsSecrets: true,
    },
    defaultPath: () => undefined,
    ...passfileWriter({ format, read }, options),
  };
}

/** Reads a line as asyncpg does (`_read_password_file` of `connect_utils.py`). */
function read(line: string): PassfileLine | undefined {
  const stripped = line.trim();
  if (stripped.startsWith("#")) return undefined;
  const split = splitPassfileLine(stripped);
  if (split === undefined) return undefined;
  const [host, port, database, username] = split.names.map((name) =>
    name === "*" ? undefined : name
  );
  return { host, port, database, username, password: split.rest };
}

function format(entry: PassfileEntry): string {
  const { host, port, database, username, password } = entry;
  return [host, String(port), database, username, password.reveal()]
    .map(checkPassfileField).join(":");
}
