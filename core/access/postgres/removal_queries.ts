/**
 * The parts of `CATALOG_SQL` about roles that are to be emptied out or dropped.
 *
 * @module
 */

import type { OtherKind } from "../privilege.ts";
import { aclOf, DATABASE_ACL, listOf } from "./acl_queries.ts";
import { dependents } from "./object_queries.ts";

/** One kind of {@linkcode OtherObject}, by its system catalog; `code` is that of `acldefault`. */
function others(
  kind: OtherKind,
  { catalog, prefix, code, name = `o.${prefix}name`, key = catalog }: {
    catalog: string;
    prefix: string;
    code: string;
    name?: string;
    key?: string;
  },
): string {
  const schema = kind === "type"
    ? "(SELECT nspname FROM pg_namespace n WHERE n.oid = o.typnamespace)"
    : "NULL";
  const owner = `o.${prefix}owner`;
  return `SELECT '${kind}' AS kind, ${schema} AS schema, ${name}::text AS name,
    pg_get_userbyid(${owner}) AS owner,
    ${aclOf(`coalesce(o.${prefix}acl, acldefault('${code}', ${owner}))`)} AS acl
  FROM ${catalog} o WHERE o.oid IN (${dependents(key)})`;
}

/** Their other things in this database that privileges are held on. */
export const OTHERS = listOf(
  "'kind', o.kind, 'schema', o.schema, 'name', o.name, 'owner', o.owner, 'acl', o.acl",
  `FROM (${
    [
      others("type", { catalog: "pg_type", prefix: "typ", code: "T" }),
      others("language", { catalog: "pg_language", prefix: "lan", code: "l" }),
      others("foreign-data-wrapper", {
        catalog: "pg_foreign_data_wrapper",
        prefix: "fdw",
        code: "F",
      }),
      others("foreign-server", {
        catalog: "pg_foreign_server",
        prefix: "srv",
        code: "S",
      }),
      others("large-object", {
        catalog: "pg_largeobject_metadata",
        prefix: "lom",
        code: "L",
        name: "o.oid",
        key: "pg_largeobject",
      }),
    ].join(" UNION ALL ")
  }) o`,
);

/** Other databases and tablespaces. */
export const SHARED = listOf(
  "'kind', o.kind, 'name', o.name, 'owner', o.owner, 'acl', o.acl",
  `FROM (
    SELECT 'database' AS kind, d.datname AS name, pg_get_userbyid(d.datdba) AS owner,
      ${DATABASE_ACL} AS acl
    FROM pg_database d WHERE d.datname <> current_database()
      AND d.oid IN (SELECT objid FROM dependent WHERE classid = 'pg_database'::regclass)
    UNION ALL
    SELECT 'tablespace', t.spcname, pg_get_userbyid(t.spcowner),
      ${aclOf("coalesce(t.spcacl, acldefault('t', t.spcowner))")}
    FROM pg_tablespace t
    WHERE t.oid IN (SELECT objid FROM dependent WHERE classid = 'pg_tablespace'::regclass)
  ) o`,
);

/** The policies that name them. */
export const POLICIES = listOf(
  `'schema', n.nspname, 'table', c.relname, 'owner', pg_get_userbyid(c.relowner), 'name', p.polname,
    'roles', (SELECT json_agg(r.rolname ORDER BY r.rolname) FROM pg_roles r WHERE r.oid = ANY (p.polroles))`,
  `FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE p.polroles && ARRAY(SELECT oid FROM dropped)`,
  "n.nspname, c.relname, p.polname",
);

/** What they own. */
export const OWNED = listOf(
  `'role', d.role, 'type', i.type, 'identity', i.identity, 'shared', d.place = 'shared', 'follows', EXISTS (
    SELECT FROM pg_depend x WHERE x.classid = d.classid AND x.objid = d.objid AND x.refclassid = d.classid
      AND x.deptype IN ('a', 'i')
  )`,
  `FROM dependent d, pg_identify_object(d.classid, d.objid, 0) i
  WHERE d.deptype = 'o' AND d.place <> 'elsewhere'
    AND d.classid NOT IN ('pg_default_acl'::regclass, 'pg_user_mapping'::regclass)`,
  "i.type, i.identity",
);

/** Their logins on foreign servers. */
export const USER_MAPPINGS = listOf(
  `'role', r.rolname, 'server', m.srvname, 'owner', pg_get_userbyid(s.srvowner),
    'usable', has_server_privilege(r.oid, s.oid, 'USAGE')`,
  `FROM pg_user_mappings m JOIN dropped r ON r.oid = m.umuser
  JOIN pg_foreign_server s ON s.oid = m.srvid`,
);

/** What other databases have of theirs. */
export const DEPENDENTS = listOf(
  `'role', x.role, 'database', x.database, 'owned', x.owned,
    'privileges', x.privileges, 'policies', x.policies`,
  `FROM (
    SELECT d.role, b.datname AS database,
      count(*) FILTER (WHERE d.deptype = 'o' AND d.classid <> 'pg_default_acl'::regclass) AS owned,
      count(*) FILTER (WHERE d.deptype = 'r') AS policies,
      count(*) FILTER (WHERE d.deptype NOT IN ('o', 'r') OR d.classid = 'pg_default_acl'::regclass) AS privileges
    FROM dependent d JOIN pg_database b ON b.oid = d.dbid
    WHERE d.place = 'elsewhere' GROUP BY d.role, b.datname
  ) x`,
);

/** The system catalogs whose privileges the rest of the catalog has. */
const KNOWN = [
  "pg_class",
  "pg_proc",
  "pg_namespace",
  "pg_type",
  "pg_language",
  "pg_foreign_data_wrapper",
  "pg_foreign_server",
  "pg_largeobject",
  "pg_database",
  "pg_tablespace",
  "pg_default_acl",
  "pg_auth_members",
].map((catalog) => `'${catalog}'::regclass`).join(", ");

/** What nothing else here has. */
export const LEFTOVERS = listOf(
  "'role', d.role, 'text', pg_describe_object(d.classid, d.objid, d.objsubid)",
  `FROM dependent d WHERE d.place <> 'elsewhere' AND d.deptype NOT IN ('o', 'r')
    AND (d.deptype <> 'a' OR d.classid NOT IN (${KNOWN}) OR (d.classid = 'pg_namespace'::regclass
      AND EXISTS (SELECT FROM pg_namespace n WHERE n.oid = d.objid
        AND (n.nspname ~ '^pg_' OR n.nspname = 'information_schema'))))`,
);
