import { join } from "node:path";
import { RdsiamError } from "../../core/errors.ts";
import { namesIn } from "../files/names_in.ts";
import type { MysqlPrograms } from "./programs.ts";

/** The files that MariaDB's own mariadb-install-db feeds to the server, in its order, less the prefix of their names. */
const FILES = [
  "system_tables.sql",
  "performance_tables.sql",
  "system_tables_data.sql",
];

/**
 * The SQL that makes MariaDB's system tables, for `--bootstrap`, where a statement ends at the line's end: mariadb-install-db
 * is a script that many installations put elsewhere or leave out.
 *
 * @throws {RdsiamError} `failed`, when the installation lacks its files
 */
export async function systemTablesSql(
  { base, messages }: Pick<MysqlPrograms, "base" | "messages">,
): Promise<string> {
  for (const folder of [messages, join(base, "share")]) {
    const names = await namesIn(folder);
    for (const prefix of ["mariadb_", "mysql_"]) {
      if (!FILES.every((name) => names.includes(prefix + name))) continue;
      const texts = await Promise.all(
        FILES.map((name) => Deno.readTextFile(join(folder, prefix + name))),
      );
      // Lines about this host's name make accounts that nobody asked for.
      const lines = texts.join("\n").split("\n")
        .filter((line) => !line.includes("@current_hostname"));
      return [
        "create database mysql;",
        "use mysql;",
        "SET @auth_root_socket=NULL;",
        ...lines,
        "",
      ].join("\n");
    }
  }
  throw new RdsiamError(
    "failed",
    `MariaDB cannot be started: "${messages}" lacks the files of its system tables`,
    { hint: "Install the whole server, or name another with --server DIR" },
  );
}
