/**
 * The SQL that reads a {@linkcode Catalog}. It runs on PostgreSQL 12 to 18 for a role that is no superuser: it reads
 * nothing but what PUBLIC may read.
 *
 * @module
 */

import { aclOf, DATABASE_ACL, listOf } from "./acl_queries.ts";
import { FURTHER, OBJECTS } from "./object_queries.ts";
import {
  DEPENDENTS,
  LEFTOVERS,
  OTHERS,
  OWNED,
  POLICIES,
  SHARED,
  USER_MAPPINGS,
} from "./removal_queries.ts";

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
    'acl', ${DATABASE_ACL})
  FROM pg_database d WHERE d.datname = current_database()
)`;

const SCHEMAS = listOf(
  `'name', n.nspname, 'owner', pg_get_userbyid(n.nspowner),
    'usable', has_schema_privilege(n.oid, 'USAGE'),
    'acl', ${aclOf("coalesce(n.nspacl, acldefault('n', n.nspowner))")}`,
  `FROM pg_namespace n
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`,
);

const DEFAULT_ACLS = listOf(
  `'owner', pg_get_userbyid(d.defaclrole), 'schema', n.nspname,
    'objects', CASE d.defaclobjtype WHEN 'r' THEN 'table' WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'function'
      WHEN 'T' THEN 'type' WHEN 'n' THEN 'schema' ELSE 'large-object' END,
    'acl', ${aclOf("d.defaclacl")}`,
  `FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
  WHERE d.defaclobjtype IN ('r', 'S', 'f', 'T', 'n', 'L')`,
);

const VIEWS = listOf(
  `'schema', n.nspname, 'name', v.relname, 'below', (
    SELECT json_agg(json_build_object('schema', bn.nspname, 'name', b.relname,
      'rowSecurity', b.relrowsecurity, 'columns', (
        SELECT coalesce(json_agg(t.attname), '[]') FROM pg_attribute t
        WHERE t.attrelid = b.oid AND t.attnum = ANY (x.columns) AND t.attnum > 0
      )))
    FROM reading x JOIN pg_class b ON b.oid = x.below
    JOIN pg_namespace bn ON bn.oid = b.relnamespace
    WHERE x.view = v.oid
  )`,
  `FROM pg_class v JOIN pg_namespace n ON n.oid = v.relnamespace
  WHERE v.oid IN (SELECT view FROM reading)`,
);

function rolesNamed(list: string): string {
  return `SELECT oid, rolname FROM pg_roles
  WHERE rolname IN (SELECT jsonb_array_elements_text(scope.of -> '${list}') FROM scope)`;
}

/**
 * Reads the whole catalog in one statement, so in one snapshot. `$1` is a {@linkcode CatalogScope} as JSON text; the
 * result is one row with one text column, `catalog`, for `decodeCatalog`.
 *
 * Two of its tables: `dependent` is what depends on the roles to be removed, and whether that is in this database, shared by
 * all or elsewhere. `reading` is which view reads what with the rights of its owner, leaving out PostgreSQL's own.
 */
export const CATALOG_SQL = `
WITH scope AS MATERIALIZED (SELECT $1::text::jsonb AS of),
grantee AS MATERIALIZED (${rolesNamed("grantees")}),
losing AS MATERIALIZED (SELECT FROM scope WHERE (scope.of ->> 'losing')::bool),
dropped AS MATERIALIZED (${rolesNamed("drop")}),
schema_in_scope AS MATERIALIZED (
  SELECT kind.key AS kind, jsonb_array_elements_text(kind.value) AS name
  FROM scope, jsonb_each(scope.of -> 'objects') kind
),
dependent AS MATERIALIZED (
  SELECT s.*, r.rolname AS role, CASE s.dbid WHEN 0 THEN 'shared'
    WHEN (SELECT oid FROM pg_database WHERE datname = current_database()) THEN 'here'
    ELSE 'elsewhere' END AS place
  FROM pg_shdepend s JOIN dropped r ON r.oid = s.refobjid
  WHERE s.refclassid = 'pg_authid'::regclass
),
reading AS MATERIALIZED (
  SELECT v.oid AS view, d.refobjid AS below, array_agg(d.refobjsubid) AS columns
  FROM pg_class v JOIN pg_rewrite r ON r.ev_class = v.oid AND r.rulename = '_RETURN'
  JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
    AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> v.oid
  WHERE EXISTS (SELECT FROM losing) AND v.relkind = 'v' AND v.oid >= 16384 AND d.refobjid >= 16384
    AND NOT EXISTS (
      SELECT FROM pg_options_to_table(v.reloptions)
      WHERE option_name = 'security_invoker' AND option_value::bool
    )
  GROUP BY v.oid, d.refobjid
)
SELECT json_build_object(
  'serverVersion', current_setting('server_version_num')::int,
  'sessionUser', session_user, 'currentUser', current_user,
  'roles', ${ROLES},
  'memberships', ${MEMBERSHIPS},
  'database', ${DATABASE},
  'schemas', ${SCHEMAS},
  'objects', ${OBJECTS},
  'further', ${FURTHER},
  'others', ${OTHERS},
  'shared', ${SHARED},
  'defaultAcls', ${DEFAULT_ACLS},
  'views', ${VIEWS},
  'policies', ${POLICIES},
  'owned', ${OWNED},
  'userMappings', ${USER_MAPPINGS},
  'dependents', ${DEPENDENTS},
  'leftovers', ${LEFTOVERS}
)::text AS catalog`;
