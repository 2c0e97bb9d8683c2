/**
 * What everybody may do and see, as the server itself answers: `has_*_privilege`, a `SELECT` in the name of each role, and
 * objects that are created and taken back.
 *
 * @module
 */
import type { DatabaseSession } from "../../../../core/database/database.ts";
import { GROUPS, LEAD, LOGINS, MASTER, TABLES, VIEWS } from "./names.ts";

/** Something that is so of a role. */
export interface Fact {
  /**
   * `login`: IAM or LOGIN. `membership`: USAGE, SET or ADMIN on a role. `privilege`: on an object. `ownership`: it acts
   * for the owner. `row`: it sees this row. `call`: a function with its owner's rights gives it this. `default-privilege`:
   * on what an owner creates from now on. `policy`: one names it. `attribute`: of the role itself.
   */
  readonly kind:
    | "login"
    | "membership"
    | "privilege"
    | "ownership"
    | "row"
    | "call"
    | "default-privilege"
    | "policy"
    | "attribute";
  readonly role: string;
  /** What it is on. */
  readonly on: string;
  readonly schema: string | null;
  readonly name: string;
  /** A column, the id of a row, the owner of what will be created, the table of a policy. */
  readonly part: string | null;
  readonly privilege: string | null;
  readonly grantOption: boolean;
}

const COMPARED = [MASTER, LEAD, ...LOGINS, ...GROUPS];

function list(texts: readonly string[]): string {
  return texts.map((text) => `'${text}'`).join(", ");
}

/** Runs statements, each in the name of a role; those that fail change nothing. Gives how many did not. */
const RUN = `
CREATE FUNCTION pg_temp.proof_run(operations jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE operation jsonb; done int := 0;
BEGIN
  FOR operation IN SELECT * FROM jsonb_array_elements(operations) LOOP
    BEGIN
      PERFORM set_config('role', operation ->> 'as', true);
      EXECUTE operation ->> 'sql';
      PERFORM set_config('role', 'none', true);
      done := done + 1;
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
  END LOOP;
  RETURN done;
END $$`;

/** What privileges are on, with its owner and all that can be granted. */
function objectsSql(major: number): string {
  const shared = `
    SELECT 'database', NULL, datname, oid, datdba, '{CONNECT,CREATE,TEMPORARY}'
      FROM pg_database WHERE NOT datistemplate
    UNION ALL SELECT 'tablespace', NULL, spcname, oid, spcowner, '{CREATE}'
      FROM pg_tablespace WHERE spcname !~ '^pg_'`;
  const maintain = major >= 17 ? ",MAINTAIN" : "";
  return `
    SELECT CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END AS "on", n.nspname AS schema,
        c.relname AS name, c.oid, c.relowner AS owner,
        (CASE c.relkind WHEN 'S' THEN '{USAGE,SELECT,UPDATE}'
          ELSE '{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER${maintain}}' END)::text[] AS privileges
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname IN ('public', 'sales') AND c.relkind IN ('r', 'v', 'm', 'S')
    UNION ALL SELECT 'function', n.nspname, p.proname, p.oid, p.proowner, '{EXECUTE}'
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('public', 'sales')
    UNION ALL SELECT 'type', n.nspname, t.typname, t.oid, t.typowner, '{USAGE}'
      FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e'
    UNION ALL SELECT 'schema', NULL, nspname, oid, nspowner, '{USAGE,CREATE}'
      FROM pg_namespace WHERE nspname IN ('public', 'sales')
    UNION ALL SELECT 'language', NULL, lanname, oid, lanowner, '{USAGE}' FROM pg_language WHERE lanpltrusted
    UNION ALL SELECT 'foreign-data-wrapper', NULL, fdwname, oid, fdwowner, '{USAGE}' FROM pg_foreign_data_wrapper
    UNION ALL SELECT 'foreign-server', NULL, srvname, oid, srvowner, '{USAGE}' FROM pg_foreign_server
    UNION ALL SELECT 'large-object', NULL, oid::text, oid, lomowner, '{SELECT,UPDATE}' FROM pg_largeobject_metadata
    UNION ALL ${shared}`;
}

// The newest server alone has has_largeobject_privilege.
const HOLDS = `
  CASE o."on"
    WHEN 'table' THEN has_table_privilege(r.known, o.oid, p.wanted)
    WHEN 'sequence' THEN has_sequence_privilege(r.known, o.oid, p.wanted)
    WHEN 'function' THEN has_function_privilege(r.known, o.oid, p.wanted)
    WHEN 'type' THEN has_type_privilege(r.known, o.oid, p.wanted)
    WHEN 'schema' THEN has_schema_privilege(r.known, o.oid, p.wanted)
    WHEN 'language' THEN has_language_privilege(r.known, o.oid, p.wanted)
    WHEN 'foreign-data-wrapper' THEN has_foreign_data_wrapper_privilege(r.known, o.oid, p.wanted)
    WHEN 'foreign-server' THEN has_server_privilege(r.known, o.oid, p.wanted)
    WHEN 'database' THEN has_database_privilege(r.known, o.oid, p.wanted)
    WHEN 'tablespace' THEN has_tablespace_privilege(r.known, o.oid, p.wanted)
    WHEN 'large-object' THEN EXISTS (
      SELECT FROM pg_largeobject_metadata l,
        aclexplode(coalesce(l.lomacl, acldefault('L', l.lomowner))) a
      WHERE l.oid = o.oid AND a.privilege_type = p.name AND (NOT p.grantable OR a.is_grantable OR a.grantee = o.owner)
        AND (a.grantee = 0 OR (r.oid IS NOT NULL AND pg_has_role(r.oid, a.grantee, 'USAGE')))
    )
  END`;

/** The privileges of the roles on objects that the condition lets through. */
function privilegesSql(major: number, condition: string): string {
  return `
    SELECT 'privilege', r.name, o."on", o.schema, o.name, NULL, p.name, p.grantable
    FROM (${objectsSql(major)}) o
    CROSS JOIN proof_role r
    CROSS JOIN LATERAL (
      SELECT name, grantable, name || CASE WHEN grantable THEN ' WITH GRANT OPTION' ELSE '' END AS wanted
      FROM unnest(o.privileges) name CROSS JOIN (VALUES (false), (true)) g (grantable)
      WHERE r.oid IS NOT NULL OR NOT grantable
    ) p
    WHERE ${condition} AND ${HOLDS}`;
}

function parametersSql(major: number): string {
  if (major < 15) return "";
  return `
    UNION ALL SELECT 'privilege', r.name, 'parameter', NULL, p.parname, NULL, a.privilege, false
    FROM pg_parameter_acl p CROSS JOIN proof_role r
    CROSS JOIN (VALUES ('SET'), ('ALTER SYSTEM')) a (privilege)
    WHERE has_parameter_privilege(r.known, p.parname, a.privilege)`;
}

/** How a role reaches another: since 16 a membership says itself what it allows. */
function membershipsSql(major: number): string {
  const ways = [
    ["USAGE", "USAGE"],
    // MEMBER counts those since 16 who may do nothing but grant the role.
    ["SET", major >= 16 ? "SET" : "MEMBER"],
  ];
  const usable = major >= 16 ? "(m.inherit_option OR m.set_option)" : "true";
  return `
    SELECT 'membership', r.name, 'role', NULL, g.rolname, NULL, w.way, false
    FROM proof_role r CROSS JOIN pg_roles g
    CROSS JOIN (VALUES ${
    ways.map(([way, asked]) => `('${way}', '${asked}')`).join(", ")
  }) w (way, asked)
    WHERE r.oid IS NOT NULL AND g.oid <> r.oid AND pg_has_role(r.oid, g.oid, w.asked)
    UNION ALL
    SELECT DISTINCT 'membership', r.name, 'role', NULL, g.rolname, NULL, 'ADMIN', false
    FROM proof_role r JOIN pg_auth_members m ON m.admin_option JOIN pg_roles g ON g.oid = m.roleid
    WHERE r.oid IS NOT NULL AND pg_has_role(r.oid, m.member, '${
    major >= 16 ? "USAGE" : "MEMBER"
  }')
    UNION ALL
    SELECT 'login', r.name, 'role', NULL, 'rds_iam', NULL, 'IAM', false FROM proof_role r
    WHERE EXISTS (
      WITH RECURSIVE reached (oid) AS (
        SELECT r.oid
        UNION SELECT m.roleid FROM pg_auth_members m JOIN reached ON reached.oid = m.member WHERE ${usable}
      ) SELECT FROM reached WHERE oid = 'rds_iam'::regrole
    )
    UNION ALL
    SELECT 'login', r.name, 'role', NULL, r.name, NULL, 'LOGIN', false
    FROM proof_role r JOIN pg_roles s ON s.oid = r.oid WHERE s.rolcanlogin
    UNION ALL
    SELECT 'attribute', r.name, 'role', NULL, r.name, NULL, a.name, false
    FROM proof_role r JOIN pg_roles s ON s.oid = r.oid
    CROSS JOIN LATERAL (VALUES ('CREATEROLE', s.rolcreaterole), ('CREATEDB', s.rolcreatedb),
      ('INHERIT', s.rolinherit), ('BYPASSRLS', s.rolbypassrls)) a (name, has) WHERE a.has`;
}

function staticSql(major: number): string {
  return `
    ${privilegesSql(major, "true")}
    ${parametersSql(major)}
    UNION ALL
    SELECT 'privilege', r.name, 'table', n.nspname, c.relname, a.attname, p.name, g.grantable
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    CROSS JOIN proof_role r CROSS JOIN unnest('{SELECT,INSERT,UPDATE,REFERENCES}'::text[]) p (name)
    CROSS JOIN (VALUES (false, ''), (true, ' WITH GRANT OPTION')) g (grantable, suffix)
    WHERE n.nspname IN ('public', 'sales') AND c.relkind IN ('r', 'v', 'm')
      AND (r.oid IS NOT NULL OR NOT g.grantable)
      AND has_column_privilege(r.known, c.oid, a.attnum, p.name || g.suffix)
    UNION ALL
    SELECT 'ownership', r.name, o."on", o.schema, o.name, NULL, NULL, false
    FROM (${objectsSql(major)}) o CROSS JOIN proof_role r
    WHERE r.oid IS NOT NULL AND pg_has_role(r.oid, o.owner, 'USAGE')
    UNION ALL
    SELECT 'policy', CASE role WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(role) END,
      CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END, n.nspname, p.polname, c.relname, NULL, false
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace,
      unnest(p.polroles) role
    UNION ALL ${membershipsSql(major)}`;
}

const RESET = "PERFORM set_config('role', 'none', true)";

/** Everything as JSON. The owners are those whose new objects are tried. */
function factsSql(major: number): string {
  const creations = [
    "CREATE TABLE %I.proof_new (id int)",
    "CREATE SEQUENCE %I.proof_new_sequence",
    "CREATE FUNCTION %I.proof_new() RETURNS int LANGUAGE sql AS ''SELECT 1''",
    "CREATE TYPE %I.proof_new_type AS ENUM ()",
  ];
  return `
CREATE FUNCTION pg_temp.proof_facts(owners text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  facts jsonb; more jsonb := '[]'; part jsonb; ids int[]; counted bigint; relation text; who text; space text;
BEGIN
  CREATE TEMPORARY TABLE proof_role ON COMMIT DROP AS
    SELECT rolname::text AS name, rolname AS known, oid FROM pg_roles WHERE rolname IN (${
    list(COMPARED)
  })
    UNION ALL SELECT 'PUBLIC', 'public', NULL;
  SELECT jsonb_agg(to_jsonb(f)) INTO facts FROM (${
    staticSql(major)
  }) f (kind, role, "on", schema, name, part, privilege, "grantOption");
  FOR who IN SELECT name FROM proof_role WHERE oid IS NOT NULL LOOP
    FOREACH relation IN ARRAY ARRAY[${list([...TABLES, ...VIEWS])}] LOOP
      BEGIN
        PERFORM set_config('role', who, true);
        EXECUTE format('SELECT coalesce(array_agg(id), ''{}'') FROM %s', relation) INTO ids;
        ${RESET};
        SELECT more || coalesce(jsonb_agg(jsonb_build_object('kind', 'row', 'role', who, 'on', 'table',
          'schema', split_part(relation, '.', 1), 'name', split_part(relation, '.', 2), 'part', id::text,
          'privilege', null, 'grantOption', false)), '[]') INTO more FROM unnest(ids) id;
      EXCEPTION WHEN OTHERS THEN NULL;
      END;
    END LOOP;
    BEGIN
      PERFORM set_config('role', who, true);
      EXECUTE 'SELECT sales.peek()' INTO counted;
      ${RESET};
      more := more || jsonb_build_object('kind', 'call', 'role', who, 'on', 'function', 'schema', 'sales',
        'name', 'peek', 'part', counted::text, 'privilege', null, 'grantOption', false);
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
  END LOOP;
  FOREACH who IN ARRAY owners LOOP
    FOREACH space IN ARRAY ARRAY['public', 'sales'] LOOP
      BEGIN
        EXECUTE format('GRANT CREATE, USAGE ON SCHEMA %I TO %I', space, who);
        EXECUTE format('GRANT CREATE ON DATABASE %I TO %I', current_database(), who);
        PERFORM set_config('role', who, true);
        ${
    creations.map((sql) => `EXECUTE format('${sql}', space);`).join(
      "\n        ",
    )
  }
        EXECUTE 'CREATE SCHEMA proof_new';
        ${RESET};
        SELECT jsonb_agg(jsonb_build_object('kind', 'default-privilege', 'role', f.role, 'on', f."on",
          'schema', CASE f."on" WHEN 'schema' THEN NULL ELSE space END, 'name', f."on", 'part', who,
          'privilege', f.privilege, 'grantOption', f.grantable)) INTO part
        FROM (${
    privilegesSql(major, `o.name ~ '^proof_new'`).replaceAll(
      "('public', 'sales')",
      "('public', 'sales', 'proof_new')",
    )
  }) f (kind, role, "on", schema, name, part, privilege, grantable);
        RAISE EXCEPTION USING errcode = 'PROOF';
      EXCEPTION WHEN SQLSTATE 'PROOF' THEN more := more || coalesce(part, '[]');
      END;
    END LOOP;
  END LOOP;
  DROP TABLE proof_role;
  RETURN facts || more;
END $$`;
}

/** What a session needs before the others can be called in it. */
export function proofFunctions(major: number): readonly string[] {
  // Compiling the queries would take much longer than running them.
  return ["SET jit = off", RUN, factsSql(major)];
}

/** What is so now, by a key that is the same before and after. */
export async function takeSnapshot(
  session: DatabaseSession,
  owners: readonly string[],
): Promise<ReadonlyMap<string, Fact>> {
  const [text = "[]"] = await session.run(
    "SELECT pg_temp.proof_facts(ARRAY(SELECT jsonb_array_elements_text($1::text::jsonb)))",
    [JSON.stringify(owners)],
  );
  const facts: readonly Fact[] = JSON.parse(text);
  return new Map(facts.map((fact) => [keyOf(fact), fact]));
}

/** Facts with the same key are the same. */
export function keyOf(fact: Fact): string {
  return JSON.stringify([
    fact.kind,
    fact.role,
    fact.on,
    fact.schema,
    fact.name,
    fact.part,
    fact.privilege,
    fact.grantOption,
  ]);
}
