import type { Finding } from "../check.ts";

/**
 * Whose the client of this machine is, and what it needs to send tokens.
 *
 * @param version what `PROGRAM --version` prints, such as `mysql  Ver 15.1 Distrib 10.11.19-MariaDB, for …` or
 * `mysql  Ver 9.7.4 for Linux on x86_64 (…)`
 */
export function judgeMysqlClient(path: string, version: string): Finding {
  const mariadb = /(\d+\.\d+\.\d+)-MariaDB/.exec(version)?.[1];
  if (mariadb !== undefined) {
    return {
      status: "ok",
      detail: `MariaDB's ${mariadb} at ${path}, which takes tokens as it is`,
    };
  }
  const mysql = /Ver (?:\S+ Distrib )?(\d+\.\d+\.\d+)/.exec(version)?.[1];
  return mysql === undefined
    ? { status: "warning", detail: `${path} does not tell its version` }
    : {
      status: "ok",
      detail:
        `MySQL's ${mysql} at ${path}, which wants --enable-cleartext-plugin; rdsiam exec sees to it`,
    };
}
