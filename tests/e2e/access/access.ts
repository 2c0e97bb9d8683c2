/** Drives `setup-db`, `grant` and `revoke` against an emulator. */
import { dirname, join } from "node:path";
import type postgres from "postgres";
import { skip } from "../../programs.ts";
import { type Emulator, startEmulator } from "../emulator.ts";
import { rdsiam, type Result } from "../rdsiam.ts";

/** Debian's PostgreSQL 15, beside the 18 that the emulator brings. */
export const POSTGRES_15 = "/usr/lib/postgresql/15";

/** An emulator whose master gives and takes access. */
export interface AccessEmulator extends Emulator {
  /** Further variables for {@linkcode AccessEmulator.access}. */
  variables: Record<string, string>;
  /** Runs a command as the master, by password, in database `postgres`. */
  access(command: string, ...rest: string[]): Promise<Result>;
  /** Runs statements as a user who logs in with a token; gives the first column of the last one. */
  as(username: string, ...statements: string[]): Promise<string[]>;
  /** The first column of a statement that the master runs. */
  ask(statement: string): Promise<string[]>;
}

/** Starts an emulator. */
export async function startAccess(...args: string[]): Promise<AccessEmulator> {
  const emulator = await startEmulator(...args);
  const { master } = emulator;
  async function last(sql: postgres.Sql, statements: readonly string[]) {
    try {
      let rows: string[] = [];
      for (const statement of statements) {
        rows = (await sql.unsafe(statement).values()).map(([first]) =>
          String(first)
        );
      }
      return rows;
    } finally {
      await sql.end();
    }
  }
  const variables: Record<string, string> = {};
  return Object.assign(emulator, {
    variables,
    access(command: string, ...rest: string[]) {
      return rdsiam([
        command,
        ...emulator.options,
        ...["-d", "postgres", "--admin-username", master.username],
        ...rest,
      ], { env: { PGPASSWORD: master.password, ...variables } });
    },
    async as(username: string, ...statements: string[]) {
      const password = await emulator.token(username);
      return await last(emulator.connect({ username, password }), statements);
    },
    ask: (statement: string) => last(emulator.connect(), [statement]),
  });
}

/**
 * The servers to test on: the embedded one, Debian's 15, whatever other version is installed there, and the folders that
 * `RDSIAM_TEST_POSTGRES` names, separated by colons.
 */
export const SERVERS: readonly (string | undefined)[] = [
  undefined,
  POSTGRES_15,
  ...installed().filter((folder) => folder !== POSTGRES_15),
  ...Deno.env.get("RDSIAM_TEST_POSTGRES")?.split(":") ?? [],
];

/** Declares a test on each server; it begins with a table, a schema and no user. */
export function onEachServer(
  name: string,
  test: (emulator: AccessEmulator, t: Deno.TestContext) => Promise<void>,
) {
  for (const folder of SERVERS) {
    const where = folder === undefined ? "the embedded PostgreSQL" : folder;
    Deno.test(`${name} on ${where}`, async (t) => {
      if (folder !== undefined && !await exists(folder)) {
        return await skip(t, `${folder} is not there`);
      }
      const args = folder === undefined ? [] : ["--postgres", folder];
      await using emulator = await startAccess(...args);
      await emulator.query(
        "create table orders (id serial primary key, note text)",
        // As it is from 15 on; what is said otherwise is a test of its own.
        "revoke create on schema public from public",
        "create schema hidden",
        "create table hidden.salaries (id int)",
      );
      await test(emulator, t);
    });
  }
}

function installed(): string[] {
  const folder = dirname(POSTGRES_15);
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => join(folder, name));
  } catch {
    return [];
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
