/**
 * The SQL that reads a {@linkcode MysqlCatalog}: from the server's tables, never from `SHOW GRANTS`, which on MariaDB holds
 * password hashes. Every row is one JSON document.
 *
 * @module
 */

import { hasRoles, isSince, type ServerVersion } from "./dialect.ts";
import { quoteName, quoteText } from "./quote.ts";

/** What a session is set to before anything else, each statement in both dialects. */
export function sessionSql({ dialect }: ServerVersion): readonly string[] {
  // The modes decide how quotes and backslashes are read; without NO_AUTO_CREATE_USER, MariaDB's GRANT would create an
  // account without a password. The default of lock_wait_timeout is a day or a year.
  const mode = dialect === "mariadb" ? "NO_AUTO_CREATE_USER" : "";
  return [`SET SESSION sql_mode = '${mode}', lock_wait_timeout = 10`];
}

/** Says which server it is. */
export const VERSION_SQL = "SELECT VERSION()";

/** Keeps a second rdsiam out until the session ends: there are no transactions around statements about accounts. */
export const LOCK_SQL = "SELECT GET_LOCK('rdsiam access', 10)";

/** The columns of the tables of privileges: they differ from version to version. */
export const COLUMNS_SQL =
  `SELECT JSON_OBJECT('table', TABLE_NAME, 'column', COLUMN_NAME)
FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = 'mysql' AND TABLE_NAME IN ('user', 'db')`;

/** What {@linkcode COLUMNS_SQL} has found. */
export interface PrivilegeColumns {
  readonly user: readonly string[];
  readonly db: readonly string[];
}

/** The columns that are `Y`, as one text. */
function flags(columns: readonly string[]): string {
  const named = columns.filter((column) => column.endsWith("_priv")).map((
    column,
  ) => `IF(${quoteName(column)} = 'Y', ${quoteText(column)}, NULL)`);
  return `CONCAT_WS(',', ${["NULL", ...named].join(", ")})`;
}

function yes(condition: string): string {
  return `IF(${condition}, 'Y', 'N')`;
}

/** The queries of a catalog, by what their rows are. */
export interface CatalogQueries {
  readonly server: string;
  readonly accounts: string;
  readonly dynamic: string | null;
  readonly databases: string;
  readonly databaseGrants: string;
  readonly tableGrants: string;
  readonly routineGrants: string;
  readonly objects: readonly string[];
  readonly roleGrants: string | null;
  readonly defaultRoles: string | null;
  readonly defined: readonly string[];
}

/**
 * The queries for a server of this version.
 *
 * @param databases whose tables and routines are read
 * @param losing also read what runs with somebody's rights
 */
export function catalogQueries(
  version: ServerVersion,
  columns: PrivilegeColumns,
  { databases, losing }: { databases: readonly string[]; losing: boolean },
): CatalogQueries {
  const isMariadb = version.dialect === "mariadb";
  const partialRevokes = !isMariadb && isSince(version, [8, 0, 16])
    ? "@@global.partial_revokes"
    : "0";
  return {
    server: `SELECT JSON_OBJECT('administrator', CURRENT_USER(),
  'readOnly', ${yes("@@global.read_only OR @@global.innodb_read_only")},
  'literal', ${yes(partialRevokes)},
  'lowers', ${yes("@@global.lower_case_table_names = 1")},
  'plugin', ${
      yes(
        "EXISTS (SELECT 1 FROM information_schema.PLUGINS WHERE PLUGIN_NAME = 'AWSAuthenticationPlugin' AND PLUGIN_STATUS = 'ACTIVE')",
      )
    })`,
    accounts: isMariadb ? mariadbAccounts(columns) : mysqlAccounts(columns),
    dynamic: !isMariadb && hasRoles(version)
      ? `SELECT JSON_OBJECT('user', USER, 'host', HOST, 'privilege', PRIV, 'grantable', WITH_GRANT_OPTION) FROM mysql.global_grants`
      : null,
    databases:
      "SELECT JSON_OBJECT('name', SCHEMA_NAME) FROM information_schema.SCHEMATA",
    databaseGrants:
      `SELECT JSON_OBJECT('user', User, 'host', Host, 'pattern', Db, 'privileges', ${
        flags(columns.db)
      }) FROM mysql.db`,
    tableGrants:
      `SELECT JSON_OBJECT('user', User, 'host', Host, 'database', Db, 'name', Table_name,
  'privileges', CONCAT(Table_priv), 'columns', CONCAT(Column_priv)) FROM mysql.tables_priv`,
    routineGrants:
      `SELECT JSON_OBJECT('user', User, 'host', Host, 'database', Db, 'name', Routine_name,
  'kind', LOWER(Routine_type), 'privileges', CONCAT(Proc_priv)) FROM mysql.procs_priv`,
    objects: databases.length === 0 ? [] : objectQueries(databases),
    roleGrants: !hasRoles(version)
      ? null
      : isMariadb
      ? `SELECT JSON_OBJECT('role', Role, 'roleHost', '', 'user', User, 'host', Host, 'admin', Admin_option) FROM mysql.roles_mapping`
      : `SELECT JSON_OBJECT('role', FROM_USER, 'roleHost', FROM_HOST, 'user', TO_USER, 'host', TO_HOST, 'admin', WITH_ADMIN_OPTION) FROM mysql.role_edges`,
    defaultRoles: !hasRoles(version)
      ? null
      : isMariadb
      ? `SELECT JSON_OBJECT('user', User, 'host', Host, 'role', default_role, 'roleHost', '') FROM mysql.user WHERE default_role <> ''`
      : `SELECT JSON_OBJECT('user', USER, 'host', HOST, 'role', DEFAULT_ROLE_USER, 'roleHost', DEFAULT_ROLE_HOST) FROM mysql.default_roles`,
    defined: losing ? DEFINED : [],
  };
}

/** The password's hash stays where it is. */
function mysqlAccounts({ user }: PrivilegeColumns): string {
  return `SELECT JSON_OBJECT('user', User, 'host', Host, 'plugin', plugin,
  'password', ${yes("authentication_string <> ''")}, 'tls', ${
    yes("ssl_type <> ''")
  },
  'locked', account_locked, 'expired', password_expired,
  'role', ${
    // What CREATE ROLE leaves, and nothing else does.
    yes(
      "account_locked = 'Y' AND password_expired = 'Y' AND authentication_string = ''",
    )},
  'privileges', ${flags(user)}) FROM mysql.user`;
}

function mariadbAccounts({ user }: PrivilegeColumns): string {
  return `SELECT JSON_OBJECT('user', u.User, 'host', u.Host, 'plugin', u.plugin,
  'password', ${yes("u.authentication_string <> ''")}, 'tls', ${
    yes("u.ssl_type <> ''")
  },
  'locked', ${yes("JSON_VALUE(g.Priv, '$.account_locked') = '1'")},
  'expired', u.password_expired, 'role', u.is_role,
  'privileges', ${flags(user)})
FROM mysql.user u LEFT JOIN mysql.global_priv g ON g.User = u.User AND g.Host = u.Host`;
}

function objectQueries(databases: readonly string[]): readonly string[] {
  const names = databases.map(quoteText).join(", ");
  return [
    `SELECT JSON_OBJECT('kind', 'table', 'database', TABLE_SCHEMA, 'name', TABLE_NAME)
FROM information_schema.TABLES WHERE TABLE_SCHEMA IN (${names})`,
    `SELECT JSON_OBJECT('kind', LOWER(ROUTINE_TYPE), 'database', ROUTINE_SCHEMA, 'name', ROUTINE_NAME)
FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA IN (${names}) AND ROUTINE_TYPE IN ('FUNCTION', 'PROCEDURE')`,
  ];
}

/** What runs with the rights of its definer: triggers and events always do. */
const DEFINED: readonly string[] = [
  `SELECT JSON_OBJECT('kind', 'view', 'database', TABLE_SCHEMA, 'name', TABLE_NAME, 'definer', DEFINER)
FROM information_schema.VIEWS WHERE SECURITY_TYPE = 'DEFINER'`,
  `SELECT JSON_OBJECT('kind', LOWER(ROUTINE_TYPE), 'database', ROUTINE_SCHEMA, 'name', ROUTINE_NAME, 'definer', DEFINER)
FROM information_schema.ROUTINES WHERE SECURITY_TYPE = 'DEFINER' AND ROUTINE_TYPE IN ('FUNCTION', 'PROCEDURE')`,
  `SELECT JSON_OBJECT('kind', 'trigger', 'database', TRIGGER_SCHEMA, 'name', TRIGGER_NAME, 'definer', DEFINER)
FROM information_schema.TRIGGERS`,
  `SELECT JSON_OBJECT('kind', 'event', 'database', EVENT_SCHEMA, 'name', EVENT_NAME, 'definer', DEFINER)
FROM information_schema.EVENTS`,
];
