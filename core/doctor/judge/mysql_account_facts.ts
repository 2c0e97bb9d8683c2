/** An account of MySQL or MariaDB. */
export interface MysqlAccount {
  user: string;
  /** The address that it is for, or a pattern of addresses. */
  host: string;
  /** The plugin that its logins go by. */
  plugin: string;
  /** Whether it takes no login that is not in TLS. */
  requiresTls: boolean;
  isLocked: boolean;
}

/** What an administrator sees of the accounts. */
export interface MysqlAccountFacts {
  accounts: readonly MysqlAccount[];
  /** The address that the administrator comes from, as the server sees it: this machine's. */
  clientHost: string;
}

/** What a user sees who is in. */
export interface MysqlSelfFacts {
  /** The account that was taken, as `USER@HOST`. */
  account: string;
  /** How many databases it sees, the server's own left out. */
  databases: number;
}

/** Reads {@linkcode MysqlSelfFacts} as one row of JSON text. */
export const SELF_SQL = `
SELECT JSON_OBJECT('account', CURRENT_USER(), 'databases', (
  SELECT COUNT(*) FROM information_schema.SCHEMATA
  WHERE SCHEMA_NAME NOT IN ('information_schema', 'performance_schema', 'mysql', 'sys')))`;

/** Reads the version, and the address that one comes from, as one row of JSON text. */
export const SERVER_SQL =
  `SELECT JSON_OBJECT('version', VERSION(), 'user', USER())`;

/** Reads each account as a row of JSON text. Roles are left out: MySQL's are locked and have no password. */
const MYSQL_ACCOUNTS_SQL = `
SELECT JSON_OBJECT('user', User, 'host', Host, 'plugin', plugin,
  'requiresTls', ssl_type <> '', 'isLocked', account_locked = 'Y') FROM mysql.user
WHERE NOT (account_locked = 'Y' AND password_expired = 'Y' AND authentication_string = '')
ORDER BY User, Host LIMIT 1000`;

const MARIADB_ACCOUNTS_SQL = `
SELECT JSON_OBJECT('user', u.User, 'host', u.Host, 'plugin', u.plugin,
  'requiresTls', IF(u.ssl_type <> '', 1, 0),
  'isLocked', IF(JSON_VALUE(p.Priv, '$.account_locked') IN ('1', 'true'), 1, 0))
FROM mysql.user u JOIN mysql.global_priv p ON p.User = u.User AND p.Host = u.Host
WHERE u.is_role <> 'Y' ORDER BY u.User, u.Host LIMIT 1000`;

/** The statement that reads every account, which only an administrator may. */
export function accountsSql(version: string): string {
  return version.includes("MariaDB")
    ? MARIADB_ACCOUNTS_SQL
    : MYSQL_ACCOUNTS_SQL;
}

/**
 * Reads the row of {@linkcode SERVER_SQL}.
 *
 * @throws {SyntaxError} when it is no such row
 */
export function decodeServer(
  text: string,
): { version: string; clientHost: string } {
  const { version, user } = objectOf(text);
  return {
    version: String(version),
    // A user's name may hold an @, an address holds none.
    clientHost: String(user).replace(/^.*@/s, ""),
  };
}

/**
 * Reads the row of {@linkcode SELF_SQL}.
 *
 * @throws {SyntaxError} when it is no such row
 */
export function decodeSelf(text: string): MysqlSelfFacts {
  const { account, databases } = objectOf(text);
  return { account: String(account), databases: Number(databases) };
}

/**
 * Reads a row of {@linkcode accountsSql}. What a server's JSON has for true is `1`, `"1"` or `true`.
 *
 * @throws {SyntaxError} when it is no such row
 */
export function decodeAccount(text: string): MysqlAccount {
  const row = objectOf(text);
  return {
    user: String(row.user),
    host: String(row.host),
    plugin: String(row.plugin),
    requiresTls: isTrue(row.requiresTls),
    isLocked: isTrue(row.isLocked),
  };
}

function isTrue(value: unknown): boolean {
  return value === true || Number(value) === 1;
}

function objectOf(text: string): Record<string, unknown> {
  const row: unknown = JSON.parse(text);
  if (typeof row === "object" && row !== null) {
    return row as Record<string, unknown>;
  }
  throw new SyntaxError("Cannot decode what the server says: it is no object");
}
