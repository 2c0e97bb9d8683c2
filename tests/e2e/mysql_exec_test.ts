import assert from "node:assert/strict";
import { serverTest, TEST_SERVERS, type TestServer } from "../mysql_servers.ts";
import {
  BY_TOKEN,
  type MysqlEmulator,
  startMysqlEmulator,
} from "./emulator/mysql_emulator.ts";
import { clientOf } from "./proxy/mysql_proxy.ts";
import { rdsiam, run } from "./rdsiam.ts";

const [, MARIADB_11, MYSQL_9] = TEST_SERVERS;
const WHO = "select current_user(), database()";

async function startShop(server: TestServer): Promise<MysqlEmulator> {
  const emulator = await startMysqlEmulator(server);
  await emulator.query(
    `create user app ${BY_TOKEN}`,
    "create database shop",
    "grant select, lock tables on shop.* to app",
    "create table shop.orders as select 1 as id",
  );
  return emulator;
}

/** Runs a program through `rdsiam exec`. */
function exec(
  emulator: MysqlEmulator,
  command: string[],
  ...options: string[]
) {
  return rdsiam([
    ...["exec", ...emulator.options, "-U", "app", "-d", "shop", ...options],
    ...["--", ...command],
  ], { env: { LC_ALL: "C" } });
}

serverTest(
  "exec logs every client in at a --connect, without a word of its own",
  async (server) => {
    await using emulator = await startShop(server);
    const clients = [
      "mariadb",
      "mysql",
      ...[MARIADB_11, MYSQL_9].flatMap((of) =>
        of === undefined ? [] : [clientOf(of, "mysql")]
      ),
    ];
    for (const client of clients) {
      if (!await runs(client)) continue;
      const { code, stdout, stderr } = await exec(emulator, [
        client,
        "-Nse",
        WHO,
      ]);
      assert.deepEqual({ code, stdout, stderr }, {
        ...{ code: 0, stdout: "app@%\tshop\n", stderr: "" },
      }, client);
    }
    const dumped = await exec(emulator, [
      "mariadb-dump",
      "--no-tablespaces",
      "shop",
      "orders",
    ]);
    assert.match(dumped.stdout, /INSERT INTO `orders`/, dumped.stderr);
  },
);

serverTest(
  "exec gives a program that reads no option file an endpoint in its environment",
  async (server) => {
    await using emulator = await startShop(server);
    const script =
      `exec mariadb --no-defaults --skip-ssl -h"$MYSQL_HOST" -u"$MYSQL_USER" -Nse "${WHO}" "$MYSQL_DATABASE"`;
    const { stdout, stderr } = await exec(emulator, ["sh", "-c", script]);
    assert.equal(stdout, "app@%\tshop\n", stderr);
    assert.match(emulator.log(), /"app": accepted: token of AKIA/);
  },
);

serverTest("connect opens the engine's own client", async (server) => {
  await using emulator = await startShop(server);
  const { stdout, stderr } = await rdsiam([
    ...["connect", ...emulator.options, "-U", "app", "-d", "shop"],
    ...["--", "-Nse", WHO],
  ]);
  assert.equal(stdout, "app@%\tshop\n", stderr);
});

async function runs(program: string): Promise<boolean> {
  return await run([program, "--version"]).then(() => true, () => false);
}
