import type { PostgresServer } from "../../../../adapters/postgres_server/server.ts";
import { quoteIdentifier } from "../../../../core/access/identifier.ts";
import type { DatabaseSession } from "../../../../core/database/database.ts";
import { SUPERUSER } from "../../../adapters/postgres_server/fixture.ts";
import { openSession, startLikeRds } from "../real_server.ts";
import { DATABASES, GROUPS, HERE, LEAD, LOGINS, MASTER } from "./names.ts";
import { proofFunctions } from "./snapshot.ts";

/** A server with the roles and objects of every round, and a superuser's session in the database that is changed. */
export interface World extends AsyncDisposable {
  readonly session: DatabaseSession;
  /** The first number of the server's version. */
  readonly major: number;
}

/** Those that the master has made. It may grant the others as a member of rds_superuser, which RDS allows. */
const MADE_BY_MASTER: readonly string[] = [
  "anna",
  "Bert B.",
  "cleo",
  "team",
  "readers",
];

function rolesSql(major: number): readonly string[] {
  const create = (name: string, options: string) =>
    `CREATE ROLE ${quoteIdentifier(name)} ${options}`;
  const all = [
    ...LOGINS.map((name) => [name, "LOGIN"] as const),
    ...GROUPS.map((name) => [name, "NOLOGIN"] as const),
    [LEAD, "LOGIN CREATEROLE"] as const,
  ];
  const [masters, others] = [true, false].map((isMasters) =>
    all.filter(([name]) => MADE_BY_MASTER.includes(name) === isMasters)
  );
  return [
    ...(others ?? []).flatMap(([name, options]) => [
      create(name, options),
      // As for rds_iam: stock PostgreSQL 16 wants the ADMIN option for what RDS lets rds_superuser do.
      ...(major >= 16
        ? [
          `GRANT ${
            quoteIdentifier(name)
          } TO rds_superuser WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`,
        ]
        : []),
    ]),
    // Whom it may hand things over to.
    `GRANT owners TO ${MASTER}`,
    `SET ROLE ${MASTER}`,
    ...(masters ?? []).map(([name, options]) => create(name, options)),
    "RESET ROLE",
  ];
}

/** Run as the superuser in the database that is changed; what the master makes belongs to it. */
function objectsSql(major: number): readonly string[] {
  const table = (name: string) => [
    `CREATE TABLE ${name} (id int PRIMARY KEY, tenant text, secret text)`,
    `INSERT INTO ${name} VALUES (1, 'a', 'x'), (2, 'b', 'y'), (3, 'a', 'z')`,
  ];
  return [
    ...(major < 15 ? [`ALTER SCHEMA public OWNER TO ${MASTER}`] : []),
    "CREATE FOREIGN DATA WRAPPER wrapper",
    "CREATE SERVER far FOREIGN DATA WRAPPER wrapper",
    `SET ROLE ${MASTER}`,
    "CREATE SCHEMA sales",
    ...table("public.people"),
    ...table("public.orders"),
    ...table("sales.accounts"),
    "CREATE VIEW public.people_view AS SELECT * FROM public.people",
    "CREATE VIEW sales.people_again AS SELECT * FROM public.people_view",
    "CREATE VIEW sales.accounts_view AS SELECT * FROM sales.accounts",
    "CREATE MATERIALIZED VIEW sales.totals AS SELECT 1 AS id",
    "CREATE SEQUENCE sales.numbers",
    "CREATE TYPE public.mood AS ENUM ('good')",
    "CREATE FUNCTION public.add(int, int) RETURNS int LANGUAGE sql AS 'SELECT $1 + $2'",
    "CREATE FUNCTION sales.peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM sales.accounts'",
    "CREATE PROCEDURE sales.work(public.mood) LANGUAGE sql AS ''",
    "SELECT lo_create(4711)",
    "RESET ROLE",
  ];
}

/** What two roles have elsewhere, where a session in this database cannot reach it. */
const ELSEWHERE = [
  "CREATE TABLE theirs (id int)",
  "ALTER TABLE theirs OWNER TO elsewhere",
  "CREATE TABLE read_there (id int)",
  "GRANT SELECT ON read_there TO guest",
];

/** Starts a server and puts the roles and objects there. */
export async function createWorld(folder: string | undefined): Promise<World> {
  await using stack = new AsyncDisposableStack();
  const server: PostgresServer = stack.use(await startLikeRds(folder));
  async function run(database: string, statements: readonly string[]) {
    await using session = await openSession(server, SUPERUSER, database);
    for (const sql of statements) await session.run(sql);
  }
  await run("postgres", [
    ...rolesSql(server.major),
    ...DATABASES.map((name) => `CREATE DATABASE ${name} OWNER ${MASTER}`),
  ]);
  await run("other", ELSEWHERE);
  await run(HERE, objectsSql(server.major));
  const session = stack.use(await openSession(server, SUPERUSER, HERE));
  for (const sql of proofFunctions(server.major)) await session.run(sql);
  const cleanup = stack.move();
  return {
    session,
    major: server.major,
    [Symbol.asyncDispose]: () => cleanup.disposeAsync(),
  };
}
