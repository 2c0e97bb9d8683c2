/**
 * The SQL that reads a {@linkcode Catalog}. It runs on PostgreSQL 12 to 18 for a role that is no superuser: it reads
 * nothing but what PUBLIC may read.
 *
 * @module
 */

/**
 * Runs before {@linkcode CATALOG_SQL} in the transaction. Two that change the access in this database do it one after
 * the other; READ COMMITTED, so that what follows sees what the other committed. Then names resolve to PostgreSQL's own
 * alone, whatever the search path of the administrator and whoever may create functions in it.
 */
export const PREPARE_SQL: readonly string[] = [
  // "rdsiam" in ASCII: any number will do that nobody else takes.
  "SELECT pg_catalog.pg_advisory_xact_lock(125775758582125)",
  "SAVEPOINT rdsiam",
  "SET LOCAL search_path = pg_catalog, pg_temp",
];

/**
 * Runs after {@linkcode CATALOG_SQL}: event triggers and the like find what they would find in psql, with the search path
 * that the session came with.
 */
export const RESTORE_SQL = "ROLLBACK TO SAVEPOINT rdsiam";

/** The ACL entries in scope, as `[grantee or null, privilege, grantable, grantor]`. */
function aclOf(acl: string): string {
  return `(
    SELECT coalesce(json_agg(json_build_array(
      CASE a.grantee WHEN 0 THEN NULL ELSE pg_get_userbyid(a.grantee) END,
      a.privilege_type, a.is_grantable, pg_get_userbyid(a.grantor)
    )), '[]')
    FROM aclexplode(${acl}) a
    WHERE a.grantee = 0 OR a.grantee = ANY (ARRAY(SELECT oid FROM grantee))
      OR (a.is_grantable AND pg_has_role(a.grantee, 'USAGE'))
  )`;
}

function listOf(object: string, from: string): string {
  return `(SELECT coalesce(json_agg(json_build_object(${object})), '[]') ${from})`;
}

const ROLES = listOf(
  `'name', r.rolname, 'login', r.rolcanlogin, 'superuser', r.rolsuper,
    'createRole', r.rolcreaterole, 'inherit', r.rolinherit,
    'passwordExpired', coalesce(r.rolvaliduntil < now(), false),
    'sessions', coalesce(s.sessions, 0)`,
  `FROM pg_roles r LEFT JOIN (
    SELECT usesysid, count(*) AS sessions FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() GROUP BY usesysid
  ) s ON s.usesysid = r.oid`,
);

// The row as JSON has inherit_option and set_option or, before 16, has not: the same text serves both.
const MEMBERSHIPS = listOf(
  `'role', g.rolname, 'member', m.rolname, 'grantor', by.rolname,
    'admin', a.admin_option,
    'inherit', coalesce((to_jsonb(a) ->> 'inherit_option')::bool, m.rolinherit),
    'set', coalesce((to_jsonb(a) ->> 'set_option')::bool, true)`,
  `FROM pg_auth_members a
  JOIN pg_roles g ON g.oid = a.roleid
  JOIN pg_roles m ON m.oid = a.member
  LEFT JOIN pg_roles by ON by.oid = a.grantor`,
);

const DATABASE = `(
  SELECT json_build_object('name', d.datname, 'owner', pg_get_userbyid(d.datdba),
    'acl', ${aclOf("coalesce(d.datacl, acldefault('d', d.datdba))")})
  FROM pg_database d WHERE d.datname = current_database()
)`;

const SCHEMAS = listOf(
  `'name', n.nspname, 'owner', pg_get_userbyid(n.nspowner),
    'usable', has_schema_privilege(n.oid, 'USAGE'),
    'acl', ${aclOf("coalesce(n.nspacl, acldefault('n', n.nspowner))")}`,
  `FROM pg_namespace n
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`,
);

function extensionOwns(catalog: string): string {
  return `EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass
      AND d.objid = o.oid AND d.deptype = 'e'
  )`;
}

// The kinds of relation that ALL TABLES IN SCHEMA means (`getRelationsInNamespace` of aclchk.c), and sequences.
const RELATIONS = `
  SELECT CASE o.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind,
    n.nspname AS schema, o.relname AS name, pg_get_userbyid(o.relowner) AS owner,
    '[]'::json AS types, ${extensionOwns("pg_class")} AS extension,
    ${
  aclOf(`coalesce(o.relacl,
      acldefault(CASE o.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", o.relowner))`)
} AS acl
  FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace
  WHERE (o.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND n.nspname IN (SELECT name FROM schema_in_scope WHERE kind = 'table'))
    OR (o.relkind = 'S'
      AND n.nspname IN (SELECT name FROM schema_in_scope WHERE kind = 'sequence'))`;

// Type names as two parts: unlike a printed signature they do not depend on the search path.
const FUNCTIONS = `
  SELECT 'function' AS kind, n.nspname AS schema, o.proname AS name,
    pg_get_userbyid(o.proowner) AS owner,
    (
      SELECT coalesce(json_agg(json_build_array(tn.nspname, t.typname) ORDER BY a.place), '[]')
      FROM unnest(o.proargtypes) WITH ORDINALITY a (type, place)
      JOIN pg_type t ON t.oid = a.type JOIN pg_namespace tn ON tn.oid = t.typnamespace
    ) AS types,
    ${extensionOwns("pg_proc")} AS extension,
    ${aclOf("coalesce(o.proacl, acldefault('f', o.proowner))")} AS acl
  FROM pg_proc o JOIN pg_namespace n ON n.oid = o.pronamespace
  WHERE n.nspname IN (SELECT name FROM schema_in_scope WHERE kind = 'function')`;

const OBJECTS = `(
  SELECT coalesce(json_agg(json_build_array(
    o.kind, o.schema, o.name, o.owner, o.types, o.extension, o.acl
  ) ORDER BY o.schema, o.name), '[]')
  FROM (${RELATIONS} UNION ALL ${FUNCTIONS}) o
)`;

const DEFAULT_ACLS = listOf(
  `'owner', pg_get_userbyid(d.defaclrole), 'schema', n.nspname,
    'objects', CASE d.defaclobjtype WHEN 'r' THEN 'table' WHEN 'S' THEN 'sequence' ELSE 'function' END,
    'acl', ${aclOf("d.defaclacl")}`,
  `FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
  WHERE d.defaclobjtype IN ('r', 'S', 'f')`,
);

const DEPENDENTS = listOf(
  `'role', x.role, 'database', x.database, 'owned', x.owned, 'others', x.others`,
  `FROM (
    SELECT r.rolname AS role, b.datname AS database,
      count(*) FILTER (WHERE s.deptype = 'o') AS owned,
      count(*) FILTER (WHERE s.deptype <> 'o') AS others
    FROM pg_shdepend s
    JOIN pg_roles r ON r.oid = s.refobjid AND s.refclassid = 'pg_authid'::regclass
    LEFT JOIN pg_database b ON b.oid = s.dbid
    WHERE r.rolname IN (SELECT jsonb_array_elements_text(scope.of -> 'drop') FROM scope)
    GROUP BY r.rolname, b.datname
  ) x`,
);

/**
 * Reads the whole catalog in one statement, so in one snapshot. `$1` is a {@linkcode CatalogScope} as JSON text; the
 * result is one row with one text column, `catalog`, for `decodeCatalog`.
 */
export const CATALOG_SQL = `
WITH scope AS MATERIALIZED (SELECT $1::text::jsonb AS of),
grantee AS MATERIALIZED (
  SELECT oid FROM pg_roles
  WHERE rolname IN (SELECT jsonb_array_elements_text(scope.of -> 'grantees') FROM scope)
),
schema_in_scope AS MATERIALIZED (
  SELECT kind.key AS kind, jsonb_array_elements_text(kind.value) AS name
  FROM scope, jsonb_each(scope.of -> 'objects') kind
)
SELECT json_build_object(
  'serverVersion', current_setting('server_version_num')::int,
  'sessionUser', session_user, 'currentUser', current_user,
  'roles', ${ROLES},
  'memberships', ${MEMBERSHIPS},
  'database', ${DATABASE},
  'schemas', ${SCHEMAS},
  'objects', ${OBJECTS},
  'defaultAcls', ${DEFAULT_ACLS},
  'dependents', ${DEPENDENTS}
)::text AS catalog`;
