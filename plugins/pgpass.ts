import { formatPassfileLine, readPassfileLine } from "../core/passfile/line.ts";
import { passfilePath } from "../core/passfile/path.ts";
import { passfileWriter } from "./passfile/writer.ts";
import type { PureWriter, WriterOption } from "../core/writer/writer.ts";

/**
 * libpq's passfile, which most clients of PostgreSQL read. Option `database`: `any` (default) or the target's `own`.
 *
 * @throws {RangeError} when an option is not known or its value is wrong
 */
export default function pgpass(
  options?: Readonly<Record<string, WriterOption>>,
): PureWriter {
  return {
    name: "pgpass",
    describe: {
      summary: "libpq's passfile",
      clients: "psql, pg_dump, psycopg, JDBC, DBeaver, DataGrip, pgAdmin …",
      rereads: "connection",
      holdsSecrets: true,
    },
    defaultPath: passfilePath,
    ...passfileWriter(
      { format: formatPassfileLine, read: readPassfileLine },
      options,
    ),
  };
}
