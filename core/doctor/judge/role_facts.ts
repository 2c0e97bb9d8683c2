/** What a database says of a role. */
export interface RoleFacts {
  exists: boolean;
  /** Whether there is a role `rds_iam` at all: there is on RDS and Aurora. */
  hasRdsIam: boolean;
  /** Whether it is a member of `rds_iam`, by whatever path. */
  isIam: boolean;
  canLogin: boolean;
  /** Whether it may replicate: itself, or on RDS as a member of `rds_replication`. */
  isReplication: boolean;
  /** Whether it may connect to the database that was asked. */
  canConnect: boolean;
  /** Whether it may use schema public; `undefined` where there is none. */
  canUsePublic: boolean | undefined;
  /** The roles that log in, for what was meant by a name that is not there. */
  logins: readonly string[];
}

/**
 * Reads a role, `$1`, as one row of JSON text. It reads what PUBLIC may, on PostgreSQL 12 to 18, whatever the search
 * path is.
 */
export const ROLE_SQL = `
WITH role AS (
  SELECT oid, rolcanlogin, rolreplication FROM pg_catalog.pg_roles
  WHERE rolname OPERATOR(pg_catalog.=) $1::pg_catalog.text::pg_catalog.name
), iam AS (
  SELECT oid FROM pg_catalog.pg_roles WHERE rolname OPERATOR(pg_catalog.=) 'rds_iam'
)
SELECT pg_catalog.json_build_object(
  'exists', EXISTS (SELECT FROM role),
  'hasRdsIam', EXISTS (SELECT FROM iam),
  'isIam', (SELECT pg_catalog.pg_has_role(role.oid, iam.oid, 'MEMBER') FROM role, iam),
  'canLogin', (SELECT rolcanlogin FROM role),
  'isReplication', (SELECT rolreplication OR EXISTS (
    SELECT FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) 'rds_replication'
      AND pg_catalog.pg_has_role(role.oid, r.oid, 'MEMBER')) FROM role),
  'canConnect', (SELECT pg_catalog.has_database_privilege(oid, pg_catalog.current_database(), 'CONNECT') FROM role),
  'canUsePublic', (SELECT pg_catalog.has_schema_privilege(role.oid, n.oid, 'USAGE')
    FROM role, pg_catalog.pg_namespace n WHERE n.nspname OPERATOR(pg_catalog.=) 'public'),
  'logins', (SELECT coalesce(pg_catalog.json_agg(rolname), '[]') FROM (
    SELECT rolname FROM pg_catalog.pg_roles WHERE rolcanlogin ORDER BY rolname LIMIT 1000
  ) r)
)::pg_catalog.text`;

/**
 * Reads the row of {@linkcode ROLE_SQL}.
 *
 * @throws {SyntaxError} when it is no such row
 */
export function decodeRole(text: string): RoleFacts {
  const row: unknown = JSON.parse(text);
  if (typeof row !== "object" || row === null) {
    throw new SyntaxError("Cannot decode the role: it is not an object");
  }
  const facts = row as Record<string, unknown>;
  const { logins, canUsePublic } = facts;
  if (!Array.isArray(logins)) {
    throw new SyntaxError("Cannot decode the role: logins is not a list");
  }
  return {
    exists: facts.exists === true,
    hasRdsIam: facts.hasRdsIam === true,
    isIam: facts.isIam === true,
    canLogin: facts.canLogin === true,
    isReplication: facts.isReplication === true,
    canConnect: facts.canConnect === true,
    canUsePublic: typeof canUsePublic === "boolean" ? canUsePublic : undefined,
    logins: logins.map(String),
  };
}
