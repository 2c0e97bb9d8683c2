/** Real servers for tests of what access changes, set up as RDS is: the one that changes it is no superuser. */
import {
  type PostgresServer,
  startPostgresServer,
} from "../../../adapters/postgres_server/server.ts";
import type { Wish } from "../../../core/access/wish.ts";
import type { DatabaseSession } from "../../../core/database/database.ts";
import { Secret } from "../../../core/secret.ts";
import { SqlError } from "../../../core/database/sql_error.ts";
import type { Outcome } from "../../../services/access/attempt.ts";
import { fulfil } from "../../../services/access/fulfil.ts";
import { bootstrapStatements } from "../../../services/emulator/bootstrap.ts";
import { connect, SUPERUSER } from "../../adapters/postgres_server/fixture.ts";
import { SERVERS } from "../../e2e/access/access.ts";
import { skip } from "../../programs.ts";

/** Who changes access, unless told otherwise: as RDS's master user. */
export const MASTER = "master";

/** A database of its own on a real server. */
export interface AccessDatabase {
  readonly name: string;
  /** `server_version_num`. */
  readonly version: number;
  /** The name of a role that no other test has. */
  role(name: string): string;
  /** Runs statements as the superuser; gives the first column of the last one. */
  sql(...statements: string[]): Promise<string[]>;
  /** The same as the master. */
  master(...statements: string[]): Promise<string[]>;
  /** Runs statements as this role, here or in another database; gives the first column of the last one. */
  as(role: string, statements: string[], database?: string): Promise<string[]>;
  /** Makes it as wished, as the master. */
  fulfil(
    wish: Wish,
    options?: { force?: boolean; apply?: boolean; as?: string },
  ): Promise<Outcome>;
}

/** Opens a session over the server's socket. */
export async function openSession(
  server: PostgresServer,
  user: string,
  database: string,
): Promise<DatabaseSession> {
  const sql = connect(server, user, {
    database,
    max: 1,
    prepare: false,
    onnotice: () => {},
  });
  await sql`SELECT 1`;
  return {
    async run(text, parameters = []) {
      try {
        const rows = await sql.unsafe(text, [...parameters]).values();
        return rows.map(([first]) => String(first));
      } catch (cause) {
        if (!(cause instanceof Error && "code" in cause)) throw cause;
        const detail = "detail" in cause ? cause.detail : undefined;
        throw new SqlError(String(cause.code), cause.message, {
          cause,
          ...(typeof detail === "string" && { hint: detail }),
        });
      }
    },
    abort() {},
    [Symbol.asyncDispose]: () => sql.end(),
  };
}

async function run(
  server: PostgresServer,
  user: string,
  database: string,
  statements: readonly string[],
): Promise<string[]> {
  await using open = await openSession(server, user, database);
  let rows: readonly string[] = [];
  for (const statement of statements) rows = await open.run(statement);
  return [...rows];
}

/** Starts a server whose {@linkcode MASTER} is what RDS's master user is. */
export async function startLikeRds(
  folder: string | undefined,
): Promise<PostgresServer> {
  const server = await startPostgresServer({
    superuser: SUPERUSER,
    ...(folder !== undefined && { binaries: folder }),
  });
  const password = new Secret("unused");
  await run(
    server,
    SUPERUSER,
    "postgres",
    bootstrapStatements({ username: MASTER, password }, server.major),
  );
  return server;
}

/** Sets up for the tests of the file that calls this: each is run on each server, in a database of its own. */
export function useRealServers(): (
  name: string,
  test: (database: AccessDatabase) => Promise<void>,
) => void {
  const started = new Map<string, Promise<PostgresServer>>();
  let count = 0;

  Deno.test.afterAll(async () => {
    for (const server of started.values()) await (await server).stop();
  });

  return (name, test) =>
    onEachServerFolder(name, async (folder) => {
      const where = folder ?? "";
      const starting = started.get(where) ?? startLikeRds(folder);
      started.set(where, starting);
      const server = await starting;
      const database = `db${++count}`;
      await run(server, SUPERUSER, "postgres", [
        `CREATE DATABASE ${database} OWNER ${MASTER}`,
      ]);
      const statements = server.major < 15
        ? [`ALTER SCHEMA public OWNER TO ${MASTER}`]
        : [];
      await run(server, SUPERUSER, database, statements);
      await test({
        name: database,
        version: server.major * 10000,
        role: (each) => `${each}_${database}`,
        sql: (...texts) => run(server, SUPERUSER, database, texts),
        master: (...texts) => run(server, MASTER, database, texts),
        as: (role, texts, other = database) => run(server, role, other, texts),
        fulfil: (wish, { force = false, apply = true, as = MASTER } = {}) =>
          fulfil(wish, {
            logIn: () => openSession(server, as, database),
            stopSignal: () => new AbortController().signal,
          }, { apply, force }),
      });
    });
}

/** Declares a test for each of the servers' folders, skipped where one is not there. */
export function onEachServerFolder(
  name: string,
  test: (
    folder: string | undefined,
    t: Deno.TestContext,
  ) => Promise<void>,
): void {
  for (const folder of SERVERS) {
    Deno.test({
      name: `${name} on ${folder ?? "the embedded PostgreSQL"}`,
      sanitizeOps: false, // a server may go on for the next test
      sanitizeResources: false,
      async fn(t) {
        if (folder !== undefined && !await exists(folder)) {
          return await skip(t, `${folder} is not there`);
        }
        await test(folder, t);
      },
    });
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
