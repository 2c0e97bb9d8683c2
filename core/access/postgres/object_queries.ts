import { aclOf, COLUMN_ACLS } from "./acl_queries.ts";

function extensionOwns(catalog: string): string {
  return `EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass
      AND d.objid = o.oid AND d.deptype = 'e'
  )`;
}

// The kinds of relation that ALL TABLES IN SCHEMA means (`getRelationsInNamespace` of aclchk.c), and sequences.
function relations(where: string): string {
  return `
  SELECT CASE o.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind,
    n.nspname AS schema, o.relname AS name, pg_get_userbyid(o.relowner) AS owner,
    '[]'::json AS types, ${extensionOwns("pg_class")} AS extension,
    ${
    aclOf(`coalesce(o.relacl,
      acldefault(CASE o.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", o.relowner))`)
  } AS acl, ${COLUMN_ACLS} AS columns, false AS definer
  FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace
  WHERE o.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND ${where}`;
}

const RELATION_IN_SCOPE = `n.nspname IN (
  SELECT s.name FROM schema_in_scope s
  WHERE s.kind = CASE o.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END
)`;

// Type names as two parts: unlike a printed signature they do not depend on the search path.
function functions(where: string): string {
  return `
  SELECT 'function' AS kind, n.nspname AS schema, o.proname AS name,
    pg_get_userbyid(o.proowner) AS owner,
    (
      SELECT coalesce(json_agg(json_build_array(tn.nspname, t.typname) ORDER BY a.place), '[]')
      FROM unnest(o.proargtypes) WITH ORDINALITY a (type, place)
      JOIN pg_type t ON t.oid = a.type JOIN pg_namespace tn ON tn.oid = t.typnamespace
    ) AS types,
    ${extensionOwns("pg_proc")} AS extension,
    ${aclOf("coalesce(o.proacl, acldefault('f', o.proowner))")} AS acl,
    '[]'::json AS columns, o.prosecdef AS definer
  FROM pg_proc o JOIN pg_namespace n ON n.oid = o.pronamespace
  WHERE ${where}`;
}

const FUNCTION_IN_SCOPE =
  "n.nspname IN (SELECT s.name FROM schema_in_scope s WHERE s.kind = 'function')";

function objects(from: readonly string[]): string {
  return `(
  SELECT coalesce(json_agg(json_build_array(
    o.kind, o.schema, o.name, o.owner, o.types, o.extension, o.acl, o.columns, o.definer
  ) ORDER BY o.schema, o.name), '[]')
  FROM (${from.join(" UNION ALL ")}) o
)`;
}

/** The tables, sequences and functions of the schemas in scope. */
export const OBJECTS = objects([
  relations(RELATION_IN_SCOPE),
  functions(FUNCTION_IN_SCOPE),
]);

/** The objects of a catalog that roles to be removed own or hold something on, in this database. */
export function dependents(catalog: string): string {
  return `SELECT objid FROM dependent WHERE classid = '${catalog}'::regclass AND place = 'here'`;
}

/** More of them: what roles to be removed own or hold, functions with the rights of an owner, and what is below views. */
export const FURTHER = objects([
  relations(`NOT ${RELATION_IN_SCOPE} AND (o.oid IN (${dependents("pg_class")})
    OR o.oid IN (SELECT view FROM reading UNION SELECT below FROM reading))`),
  functions(`NOT ${FUNCTION_IN_SCOPE} AND (o.oid IN (${dependents("pg_proc")})
    OR o.prosecdef AND o.oid >= 16384 AND EXISTS (SELECT FROM losing))`),
]);
