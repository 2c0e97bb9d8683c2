import assert from "node:assert/strict";
import { TEST_SERVERS } from "../../mysql_servers.ts";
import type { MysqlEmulator } from "../emulator/mysql_emulator.ts";
import { clientOf, useMysqlWorlds } from "../proxy/mysql_proxy.ts";
import { rdsiam, run } from "../rdsiam.ts";

const worldTest = useMysqlWorlds();
const [, MARIADB_11, MYSQL_9] = TEST_SERVERS;
const WHO = "select current_user(), database()";

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

worldTest(
  "exec logs every client in at a --connect and printed nothing of its own",
  async ({ emulator }) => {
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
    assert.match(dumped.stdout, /CREATE TABLE `orders`/, dumped.stderr);
  },
);

worldTest(
  "exec gives a program that reads no option file an endpoint in its environment",
  async ({ emulator }) => {
    const script =
      `exec mariadb --no-defaults --skip-ssl -h"$MYSQL_HOST" -u"$MYSQL_USER" -Nse "${WHO}" "$MYSQL_DATABASE"`;
    const { stdout, stderr } = await exec(emulator, ["sh", "-c", script]);
    assert.equal(stdout, "app@%\tshop\n", stderr);
    await emulator.untilLogged(/"app": accepted: token of AKIA/);
  },
);

worldTest("connect opens the engine's own client", async ({ emulator }) => {
  const { stdout, stderr } = await rdsiam([
    ...["connect", ...emulator.options, "-U", "app", "-d", "shop"],
    ...["--", "-Nse", WHO],
  ]);
  assert.equal(stdout, "app@%\tshop\n", stderr);
});

async function runs(program: string): Promise<boolean> {
  return await run([program, "--version"]).then(() => true, () => false);
}
