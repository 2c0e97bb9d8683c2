import assert from "node:assert/strict";
import { join } from "node:path";
import process from "node:process";
import postgres from "postgres";
import { findPostgresBinaries } from "../../../adapters/postgres_server/binaries.ts";
import { unpackPostgres } from "../../../adapters/postgres_server/package.ts";
import {
  type PostgresServer,
  type PostgresServerOptions,
  startPostgresServer,
} from "../../../adapters/postgres_server/server.ts";

/** The superuser of the servers that tests start. */
export const SUPERUSER = "rdsadmin";

/** Folders and servers for the tests of one file. */
export interface PostgresFixture {
  /** Makes an empty folder that every user can reach: as root the server is another user. */
  makeFolder(name: string): Promise<string>;
  /** Starts a server. Unpacking its programs takes longest, so they are shared. */
  start(options: Partial<PostgresServerOptions>): Promise<PostgresServer>;
  /** Runs a test with a temporary folder of its own, in which it can see what is left behind. */
  inTemporaryFolder(
    name: string,
    test: (folder: string) => Promise<void>,
  ): Promise<void>;
}

/** Sets up for the tests of the file that calls this, and clears away after the last of them. */
export function usePostgres(): PostgresFixture {
  let root: string;
  let binaries: string;

  Deno.test.beforeAll(async () => {
    root = await Deno.makeTempDir();
    await Deno.chmod(root, 0o755);
    const [found] = await Array.fromAsync(findPostgresBinaries());
    assert.ok(found?.packed !== undefined);
    binaries = join(root, "postgres");
    await unpackPostgres(found.packed, {
      target: binaries,
      folder: root,
      user: undefined,
    });
  });

  Deno.test.afterAll(async () => {
    await Deno.remove(root, { recursive: true });
  });

  async function makeFolder(name: string): Promise<string> {
    const path = join(root, name);
    await Deno.mkdir(path);
    return path;
  }

  return {
    makeFolder,
    start(options) {
      return startPostgresServer({
        superuser: SUPERUSER,
        binaries,
        ...options,
      });
    },
    async inTemporaryFolder(name, test) {
      const folder = await makeFolder(name);
      await Deno.chmod(folder, 0o777);
      await test(folder);
    },
  };
}

/** What `assert.rejects` expects of an error about the options. */
export function usage(
  message: string,
): { name: string; kind: string; message: string } {
  return { name: "RdsiamError", kind: "usage", message };
}

/** A client that is closed when it is disposed of. */
export type Connection = ReturnType<typeof postgres> & AsyncDisposable;

/** Logs in over the socket, without a password. */
export function connect(
  { socketFolder, port }: PostgresServer,
  user = SUPERUSER,
  options: object = {},
): Connection {
  const path = join(socketFolder, `.s.PGSQL.${port}`);
  return disposable(
    postgres({ path, user, database: "postgres", ...options }),
  );
}

/** Logs in over TCP. */
export function connectTcp(
  { port }: PostgresServer,
  user: string,
  password: string,
  options: object = {},
): Connection {
  return disposable(postgres({
    host: "127.0.0.1",
    port,
    user,
    password,
    database: "postgres",
    ...options,
  }));
}

/** The process number of a server. */
export async function serverPid(
  { socketFolder, port }: PostgresServer,
): Promise<number> {
  const file = join(socketFolder, `.s.PGSQL.${port}.lock`);
  return Number.parseInt(await Deno.readTextFile(file));
}

/** Whether a process lives. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** What is in a folder. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
}

function disposable(sql: ReturnType<typeof postgres>): Connection {
  return Object.assign(sql, { [Symbol.asyncDispose]: () => sql.end() });
}
