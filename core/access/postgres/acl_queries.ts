/** The rows as a list of JSON objects. */
export function listOf(object: string, from: string, order = "1"): string {
  return `(SELECT coalesce(json_agg(json_build_object(${object}) ORDER BY ${order}), '[]') ${from})`;
}

const GRANTEE =
  "CASE a.grantee WHEN 0 THEN NULL ELSE pg_get_userbyid(a.grantee) END";

/** Where something is taken away, everybody's; otherwise the grantees', PUBLIC's and what the current role may pass on. */
const IN_SCOPE = `(EXISTS (SELECT FROM losing)
  OR a.grantee = 0 OR a.grantee = ANY (ARRAY(SELECT oid FROM grantee))
  OR (a.is_grantable AND pg_has_role(a.grantee, 'USAGE')))`;

/** The ACL entries in scope, as `[grantee or null, privilege, grantable, grantor]`. */
export function aclOf(acl: string): string {
  return `(
    SELECT coalesce(json_agg(json_build_array(
      ${GRANTEE}, a.privilege_type, a.is_grantable, pg_get_userbyid(a.grantor)
    )), '[]')
    FROM aclexplode(${acl}) a WHERE ${IN_SCOPE}
  )`;
}

/** The same of a relation's columns, each with its name ahead. */
export const COLUMN_ACLS = `CASE WHEN EXISTS (SELECT FROM losing) THEN (
    SELECT coalesce(json_agg(json_build_array(t.attname,
      ${GRANTEE}, a.privilege_type, a.is_grantable, pg_get_userbyid(a.grantor)
    )), '[]')
    FROM pg_attribute t, aclexplode(t.attacl) a
    WHERE t.attrelid = o.oid AND t.attacl IS NOT NULL AND NOT t.attisdropped
  ) ELSE '[]' END`;

/** The ACL of `pg_database d`. */
export const DATABASE_ACL = aclOf(
  "coalesce(d.datacl, acldefault('d', d.datdba))",
);
