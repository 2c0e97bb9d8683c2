import type { MysqlCatalog } from "../../../core/access/mysql/catalog.ts";
import {
  decodeColumns,
  decodeMysqlCatalog,
} from "../../../core/access/mysql/catalog_decode.ts";
import {
  catalogQueries,
  COLUMNS_SQL,
  sessionSql,
  VERSION_SQL,
} from "../../../core/access/mysql/catalog_queries.ts";
import { parseServerVersion } from "../../../core/access/mysql/dialect.ts";
import type { DatabaseSession } from "../../../core/database/database.ts";
import { SqlError } from "../../../core/database/sql_error.ts";
import { catalogError } from "./statement_errors.ts";

/**
 * Reads what there is of access on a server, and sets the session up for statements about it.
 *
 * @throws {SqlError} when the administrator may not read it
 */
export async function readMysqlCatalog(
  session: DatabaseSession,
  scope: { readonly databases: readonly string[]; readonly losing: boolean },
): Promise<MysqlCatalog> {
  const [text = ""] = await session.run(VERSION_SQL);
  const version = parseServerVersion(text);
  for (const sql of sessionSql(version)) await session.run(sql);
  async function rows(sql: string | null): Promise<readonly string[]> {
    if (sql === null) return [];
    try {
      return await session.run(sql);
    } catch (error) {
      throw error instanceof SqlError && !error.isConnectionLost
        ? catalogError(error)
        : error;
    }
  }
  async function all(queries: readonly string[]): Promise<readonly string[]> {
    const found: string[] = [];
    for (const sql of queries) found.push(...await rows(sql));
    return found;
  }
  const columns = decodeColumns(await rows(COLUMNS_SQL));
  const queries = catalogQueries(version, columns, scope);
  return decodeMysqlCatalog(version, {
    server: await rows(queries.server),
    accounts: await rows(queries.accounts),
    dynamic: await rows(queries.dynamic),
    databases: await rows(queries.databases),
    databaseGrants: await rows(queries.databaseGrants),
    tableGrants: await rows(queries.tableGrants),
    routineGrants: await rows(queries.routineGrants),
    objects: await all(queries.objects),
    roleGrants: await rows(queries.roleGrants),
    defaultRoles: await rows(queries.defaultRoles),
    defined: await all(queries.defined),
  });
}
