import assert from "node:assert/strict";
import { clientOf, useMysqlWorlds } from "../proxy/mysql_proxy.ts";
import { KEY, rdsiam } from "../rdsiam.ts";
import { sshdIsMissing, startBastion, until } from "./bastion.ts";
import { MEGABYTES } from "./dump_size.ts";
import { startSocksServer } from "./socks_server.ts";

const worldTest = useMysqlWorlds();

worldTest(
  "MySQL and MariaDB are reached through a tunnel, too",
  async ({ emulator }) => {
    const options = (tunnel: string) => [
      ...["connect", ...emulator.options, "-U", "app", "-d", "shop"],
      ...["--tunnel", tunnel, "--", "-Nse", "select current_user()"],
    ];
    await using server = startSocksServer();
    const spec = `socks5://127.0.0.1:${server.port}`;
    const result = await rdsiam(options(spec), { env: KEY });
    assert.deepEqual(result, { code: 0, stdout: "app@%\n", stderr: "" });
    assert.ok(server.asked.length > 0);
    if (sshdIsMissing()) return;
    await using bastion = await startBastion();
    const env = { ...KEY, PATH: bastion.path };
    const { stdout, stderr } = await rdsiam(options("ssh:bastion"), { env });
    assert.equal(stdout, "app@%\n", stderr);
  },
);

worldTest(
  "setup-db makes an account through a tunnel, and tries its login the same way",
  async ({ emulator }) => {
    await using server = startSocksServer();
    const way = [
      ...[...emulator.options, "-U", "tunnelled", "-d", "shop"],
      ...["--tunnel", `socks5://127.0.0.1:${server.port}`],
    ];
    const { username, password } = emulator.master;
    const { code, stderr } = await rdsiam(
      ["setup-db", ...way, "--grant-public-crud", "--admin-username", username],
      { env: { ...KEY, MYSQL_PWD: password } },
    );
    assert.equal(code, 0, stderr);
    assert.ok(server.asked.length > 1);
    const args = ["connect", ...way, "--", "-Nse", "select current_user()"];
    const { stdout } = await rdsiam(args, { env: KEY });
    assert.equal(stdout, "tunnelled@%\n");
  },
);

worldTest(
  "a query of MySQL or MariaDB that runs when its tunnel breaks ends with the reason",
  async ({ emulator }) => {
    if (sshdIsMissing()) return;
    await using bastion = await startBastion();
    const running = rdsiam([
      ...["connect", ...emulator.options, "-U", "app", "-d", "shop"],
      ...["--tunnel", "ssh:bastion", "--", "-e", "select sleep(600)"],
    ], { env: { ...KEY, PATH: bastion.path } });
    await until(async () => {
      const [[count] = []] = await emulator.query(
        "select count(*) from information_schema.processlist where info like 'select sleep(%'",
      );
      return Number(count) > 0;
    });
    await bastion.dropAll();
    const { code, stderr } = await running;
    assert.equal(code, 1);
    assert.match(
      stderr,
      /ERROR 1158 \(08S01\) at line 1: Tunnel ssh:bastion failed: /,
    );
  },
);

worldTest(
  "a dump of MySQL or MariaDB comes whole through a tunnel",
  async ({ emulator }) => {
    const rows = MEGABYTES * 1000;
    await emulator.query(
      "use shop",
      "create table if not exists shop.dumped (n int primary key, text text)",
      "replace into shop.dumped select n, repeat(sha2(n, 256), 16) from " +
        "(with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 1000) " +
        `select a.n + 1000 * (b.n - 1) as n from numbers a, numbers b where b.n <= ${
          rows / 1000
        }) all_of_them`,
    );
    const client = clientOf(
      emulator.server.engine === "mysql" ? emulator.server : undefined,
      emulator.server.engine === "mysql" ? "mysqldump" : "mariadb-dump",
    );
    const dump = [
      ...[
        client,
        "--skip-comments",
        "--no-tablespaces",
        "--single-transaction",
      ],
      // Else it wants RELOAD, which no account of a database has.
      ...(emulator.server.engine === "mysql" ? ["--set-gtid-purged=OFF"] : []),
      ...["--skip-lock-tables", "shop", "dumped"],
    ];
    await using server = startSocksServer();
    const dumps = [];
    for (
      const way of [
        [],
        ["--tunnel", `socks5://127.0.0.1:${server.port}`],
      ]
    ) {
      const { code, stdout, stderr } = await rdsiam([
        ...["exec", ...emulator.options, "-U", "app", "-d", "shop", ...way],
        ...["--", ...dump],
      ], { env: KEY });
      assert.equal(code, 0, stderr);
      dumps.push(stdout);
    }
    const [direct = "", tunnelled] = dumps;
    assert.ok(direct.length > MEGABYTES * 1_000_000);
    assert.ok(direct === tunnelled); // equal() would print both
  },
);
