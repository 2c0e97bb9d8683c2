import fc from "fast-check";
import {
  quoteIdentifier,
  quoteQualified,
} from "../../../../core/access/identifier.ts";
import { SUPERUSER } from "../../../adapters/postgres_server/fixture.ts";
import {
  GROUPS,
  LEAD,
  LOGINS,
  MASTER,
  ROLES,
  SCHEMAS,
  TABLES,
  TARGETS,
} from "./names.ts";

/** A statement and the role in whose name it runs. One that the server refuses changes nothing. */
export interface Operation {
  readonly as: string;
  readonly sql: string;
}

const target = fc.oneof(
  fc.constantFrom(...TARGETS),
  fc.constantFrom(...TARGETS.filter(({ kind }) => kind === "TABLE")),
);

/** What PUBLIC has from the start is taken away, so that it counts who has it otherwise. */
const fromPublic = fc.constantFrom(
  ...TARGETS.filter(({ kind }) => kind !== "TABLE"),
).map(({ kind, sql }): Operation => ({
  as: SUPERUSER,
  sql: `REVOKE ALL ON ${kind} ${sql} FROM PUBLIC`,
}));

const DEFAULTS = {
  TABLES: ["SELECT", "INSERT, UPDATE"],
  SEQUENCES: ["USAGE"],
  FUNCTIONS: ["EXECUTE"],
  TYPES: ["USAGE"],
  SCHEMAS: ["USAGE"],
};

const DEFAULT_KINDS = ["TABLES", "SEQUENCES", "FUNCTIONS", "TYPES"] as const;

/** Whose default privileges there may be. */
export const DEFAULT_OWNERS = [MASTER, "owners", "anna", "cleo"] as const;

const QUALIFICATIONS = [
  "true",
  "tenant = 'a'",
  "id < 3",
  "pg_has_role(current_user, 'team', 'MEMBER')",
];

const rowSecurity = fc.record({
  table: fc.constantFrom(...TABLES),
  how: fc.constantFrom("ENABLE", "ENABLE", "FORCE"),
}).map(({ table, how }): Operation => ({
  as: SUPERUSER,
  sql: `ALTER TABLE ${table} ${how} ROW LEVEL SECURITY`,
}));

/**
 * What the roles are and have when a round begins. Half of it is about some of them: whoever will be asked for, so that there is
 * something to take.
 */
export function operationsAbout(
  some: readonly string[],
): fc.Arbitrary<readonly Operation[]> {
  const anyone = fc.oneof(
    fc.constantFrom(...some),
    fc.constantFrom(...LOGINS, ...GROUPS),
  );
  const grantee = fc.oneof(
    { weight: 6, arbitrary: anyone.map(quoteIdentifier) },
    { weight: 1, arbitrary: fc.constant("PUBLIC") },
  );
  // Mostly one who may, now and then a role that must have been given the right to.
  const actor = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(SUPERUSER, MASTER) },
    { weight: 4, arbitrary: fc.constantFrom(...some) },
    { weight: 2, arbitrary: fc.constantFrom(...ROLES) },
  );
  /** Memberships of groups, of login roles, in rds_iam and in PostgreSQL's own roles. */
  const membership = fc.record({
    as: actor,
    role: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...GROUPS) },
      { weight: 3, arbitrary: fc.constant("rds_iam") },
      { weight: 2, arbitrary: anyone },
      {
        weight: 1,
        arbitrary: fc.constantFrom("pg_read_all_data", "pg_write_all_data"),
      },
    ),
    member: fc.oneof(anyone, fc.constant(LEAD)),
    // The last two are refused before 16.
    options: fc.constantFrom(
      "",
      "",
      "",
      " WITH ADMIN OPTION",
      " WITH ADMIN OPTION",
      " WITH INHERIT FALSE",
      " WITH ADMIN TRUE, INHERIT FALSE, SET FALSE",
    ),
  }).map(({ as, role, member, options }): Operation => ({
    as,
    sql: `GRANT ${role === "rds_iam" ? role : quoteIdentifier(role)} TO ${
      quoteIdentifier(member)
    }${options}`,
  }));

  const privilege = target.chain(({ kind, sql, privileges }) =>
    fc.record({
      as: actor,
      some: fc.oneof(
        fc.subarray([...privileges], { minLength: 1 }),
        fc.constant([privileges[0] ?? ""]),
      ),
      to: grantee,
      option: fc.constantFrom("", "", " WITH GRANT OPTION"),
    }).map(({ as, some, to, option }): Operation => ({
      as,
      sql: `GRANT ${some.join(", ")} ON ${kind} ${sql} TO ${to}${option}`,
    }))
  );

  const columns = fc.record({
    as: actor,
    name: fc.constantFrom(...TABLES, "public.people_view"),
    privilege: fc.constantFrom("SELECT", "UPDATE", "INSERT"),
    columns: fc.subarray(["id", "tenant", "secret"], { minLength: 1 }),
    to: grantee,
    option: fc.constantFrom("", "", " WITH GRANT OPTION"),
  }).map(({ as, name, privilege, columns, to, option }): Operation => ({
    as,
    sql: `GRANT ${privilege} (${
      columns.join(", ")
    }) ON ${name} TO ${to}${option}`,
  }));

  const owner = fc.record({
    of: fc.constantFrom(...TARGETS.filter(({ alter }) => alter !== null)),
    to: fc.oneof(anyone, fc.constant("owners")),
  }).map(({ of, to }): Operation => ({
    as: SUPERUSER,
    sql: `ALTER ${of.alter} ${of.sql} OWNER TO ${quoteIdentifier(to)}`,
  }));

  const defaults = fc.record({
    owner: fc.constantFrom(...DEFAULT_OWNERS),
    schema: fc.option(fc.constantFrom(...SCHEMAS)),
    kind: fc.oneof(
      { weight: 3, arbitrary: fc.constant("TABLES" as const) },
      fc.constantFrom(...DEFAULT_KINDS),
    ),
    to: grantee,
    isRevoked: fc.nat(5).map((number) => number === 0),
    which: fc.nat(1),
  }).map(({ owner, schema, kind, to, isRevoked, which }): Operation => {
    const privileges = DEFAULTS[kind][which] ?? DEFAULTS[kind][0];
    const where = schema === null ? "" : ` IN SCHEMA ${schema}`;
    return {
      as: SUPERUSER,
      sql: `ALTER DEFAULT PRIVILEGES FOR ROLE ${
        quoteIdentifier(owner)
      }${where} ${
        isRevoked
          ? `REVOKE ${privileges} ON ${kind} FROM PUBLIC`
          : `GRANT ${privileges} ON ${kind} TO ${to}`
      }`,
    };
  });

  const policy = fc.record({
    table: fc.constantFrom(...TABLES),
    name: fc.constantFrom("p1", "p2", "p3"),
    restrictive: fc.boolean(),
    command: fc.constantFrom("ALL", "SELECT"),
    to: fc.uniqueArray(fc.oneof(grantee, anyone.map(quoteIdentifier)), {
      minLength: 1,
      maxLength: 3,
    }),
    using: fc.constantFrom(...QUALIFICATIONS),
  }).map(({ table, name, restrictive, command, to, using }): Operation => ({
    as: SUPERUSER,
    sql: `CREATE POLICY ${name} ON ${table} AS ${
      restrictive ? "RESTRICTIVE" : "PERMISSIVE"
    } FOR ${command} TO ${to.join(", ")} USING (${using})`,
  }));

  const attribute = fc.record({
    role: anyone,
    what: fc.constantFrom("NOINHERIT", "CREATEROLE", "NOLOGIN", "LOGIN"),
  }).map(({ role, what }): Operation => ({
    as: SUPERUSER,
    sql: `ALTER ROLE ${quoteIdentifier(role)} ${what}`,
  }));

  /** What few roles have: mappings on a foreign server, parameters, privileges on what a role makes itself. */
  const rare = fc.record({ role: anyone, which: fc.nat(4) }).map((
    { role, which },
  ): Operation => {
    const who = quoteIdentifier(role);
    const made = quoteQualified("public", `made by ${role}`);
    const sql = [
      `CREATE USER MAPPING FOR ${who} SERVER far`,
      `GRANT SET ON PARAMETER log_min_duration_statement TO ${who}`,
      `GRANT pg_monitor TO ${who}`,
      `ALTER ROLE ${who} SET statement_timeout = '1min'`,
      `CREATE VIEW ${made} AS SELECT id FROM public.people`,
    ][which] ?? "";
    return { as: which === 4 ? role : SUPERUSER, sql };
  });

  return fc.array(
    fc.oneof(
      { weight: 6, arbitrary: membership },
      { weight: 10, arbitrary: privilege },
      { weight: 3, arbitrary: columns },
      { weight: 2, arbitrary: fromPublic },
      { weight: 4, arbitrary: owner },
      { weight: 3, arbitrary: defaults },
      { weight: 3, arbitrary: policy },
      { weight: 2, arbitrary: rowSecurity },
      { weight: 1, arbitrary: attribute },
      { weight: 1, arbitrary: rare },
    ),
    { maxLength: 60, size: "max" },
  );
}
