import {
  serverTest,
  TEST_SERVERS,
  type TestServer,
} from "../../mysql_servers.ts";
import {
  BY_TOKEN,
  type MysqlEmulator,
  startMysqlEmulator,
} from "../emulator/mysql_emulator.ts";
import { type Result, run } from "../rdsiam.ts";
import { type ProxyProcess, startProxy } from "./proxy.ts";

/** A proxy before an emulator whose account `app` may do anything in the database `shop`. */
export interface MysqlWorld extends AsyncDisposable {
  emulator: MysqlEmulator;
  proxy: ProxyProcess;
}

/** What a client program is told, as `-h … -P … -u … -p…`, and its database. */
export function loginOptions({ port, password }: ProxyProcess): string[] {
  return [
    ...["--no-defaults", "-h127.0.0.1", `-P${port}`, "-uwhoever"],
    `-p${password}`,
  ];
}

const PRIVILEGES =
  "select, insert, update, delete, create, drop, alter, index, lock tables, references, trigger";

/** Starts an emulator, makes its account and starts a proxy for that. */
export async function startMysqlWorld(
  server: TestServer,
  ...args: string[]
): Promise<MysqlWorld> {
  await using started = new AsyncDisposableStack();
  const emulator = started.use(await startMysqlEmulator(server));
  await emulator.query(
    `create user app ${BY_TOKEN}`,
    "create database shop",
    `grant ${PRIVILEGES} on shop.* to app`,
    "create table shop.orders (id int, item text)",
  );
  const proxy = started.use(
    await startProxy([
      ...[...emulator.options, "-U", "app", "-d", "shop"],
      ...args,
    ]),
  );
  const running = started.move();
  return {
    emulator,
    proxy,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Declares tests that share one world a server, which ends after the last test of the file. */
export function useMysqlWorlds() {
  const worlds = new Map<TestServer, Promise<MysqlWorld>>();
  Deno.test.afterAll(async () => {
    for (const world of worlds.values()) {
      await (await world)[Symbol.asyncDispose]();
    }
  });
  return function worldTest(
    name: string,
    test: (world: MysqlWorld, t: Deno.TestContext) => Promise<void>,
    servers = TEST_SERVERS,
  ) {
    serverTest(name, async (server, t) => {
      const world = worlds.get(server) ?? startMysqlWorld(server);
      worlds.set(server, world);
      await test(await world, t);
    }, servers);
  };
}

/** The client programs of a server that was unpacked, or this machine's own. */
export function clientOf(
  server: TestServer | undefined,
  program: string,
): string {
  return server?.folder === undefined
    ? program
    : `${server.folder}/bin/${program}`;
}

/** Runs a client program through a proxy. */
export async function runClient(
  program: string,
  proxy: ProxyProcess,
  ...args: string[]
): Promise<Result> {
  return await run([program, ...loginOptions(proxy), ...args], {
    env: { LC_ALL: "C" },
  });
}
