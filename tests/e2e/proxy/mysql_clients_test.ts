import assert from "node:assert/strict";
import mariadb from "mariadb";
import mysql from "mysql2/promise";
import { TEST_SERVERS } from "../../mysql_servers.ts";
import { isMissing, skip } from "../../programs.ts";
import { contractEntries } from "../../../plugins/contract/entries.ts";
import dbeaver from "../../../plugins/dbeaver.ts";
import { run } from "../rdsiam.ts";
import {
  clientOf,
  loginOptions,
  type MysqlWorld,
  runClient,
  useMysqlWorlds,
} from "./mysql_proxy.ts";
import type { ProxyProcess } from "./proxy.ts";

const worldTest = useMysqlWorlds();
const [, MARIADB_11, MYSQL_9] = TEST_SERVERS;

const ZSTD = "--compression-algorithms=zstd";
const WHO = "select current_user(), database()";

/** The clients of each vendor and age, with the options that change how they speak. */
const PROGRAMS: [string, string[]][] = [
  ["mariadb", []],
  ["mariadb", ["--compress"]],
  ["mariadb", ["--skip-ssl"]],
  ["mariadb", ["--default-auth=caching_sha2_password"]],
  [clientOf(MARIADB_11, "mariadb"), []],
  [clientOf(MARIADB_11, "mariadb"), ["--compress"]],
  [clientOf(MARIADB_11, "mariadb"), ["--skip-ssl"]],
  [clientOf(MYSQL_9, "mysql"), []],
  [clientOf(MYSQL_9, "mysql"), ["--compression-algorithms=zlib"]],
  [clientOf(MYSQL_9, "mysql"), [ZSTD]],
  [clientOf(MYSQL_9, "mysql"), ["--enable-cleartext-plugin"]],
];

worldTest("mysql and mariadb log in, in every way they have", async (world) => {
  const isMysql = world.emulator.server === MYSQL_9;
  for (const [program, options] of PROGRAMS) {
    if (!await exists(program)) continue; // the servers' own tests say so
    // MariaDB's from 11.4 on want to be told so before they send a password without TLS, which is not offered before a server
    // of MySQL unasked.
    const wantsTls = program === clientOf(MARIADB_11, "mariadb") &&
      !options.includes("--skip-ssl");
    if (isMysql && wantsTls) continue;
    if (!isMysql && options.includes(ZSTD)) continue; // MariaDB has none
    const { stdout, stderr } = await runClient(
      program,
      world.proxy,
      ...[...options, "-Nse", `${WHO}; select length(repeat('x', 100000))`],
    );
    const what = [program, ...options].join(" ");
    assert.equal(stdout, "app@%\tshop\n100000\n", `${what}: ${stderr}`);
  }
});

worldTest("LOAD DATA LOCAL INFILE works, compressed too", async (world) => {
  await using file = await tempFile("1\ttea\n2\tcoffee\n".repeat(20_000));
  const sql =
    `truncate orders; load data local infile '${file.path}' into table orders; select count(*) from orders`;
  const isMysql = world.emulator.server === MYSQL_9;
  const programs: [string, string[]][] = [
    ["mariadb", []],
    ["mariadb", ["--compress"]],
    [clientOf(MYSQL_9, "mysql"), []],
    [clientOf(MYSQL_9, "mysql"), [isMysql ? ZSTD : "--compress"]],
  ];
  for (const [program, options] of programs) {
    if (!await exists(program)) continue;
    const { stdout, stderr } = await runClient(
      program,
      world.proxy,
      ...[...options, "--local-infile=1", "-Nse", sql, "shop"],
    );
    assert.equal(stdout, "40000\n", `${program} ${options}: ${stderr}`);
  }
});

worldTest(
  "mysqldump dumps, and its dump loads",
  async ({ emulator, proxy }) => {
    const isMysql = emulator.server.engine === "mysql";
    const dumper = isMysql ? clientOf(MYSQL_9, "mysqldump") : "mariadb-dump";
    const client = isMysql ? clientOf(MYSQL_9, "mysql") : "mariadb";
    await emulator.query(
      "create table shop.dumped (id int primary key, item text)",
      "insert into shop.dumped values (1, 'tea'), (2, 'it''s')",
    );
    const { stdout, stderr, code } = await runClient(
      dumper,
      proxy,
      ...["--no-tablespaces", "shop", "dumped"],
      ...(isMysql ? ["--column-statistics=0", "--set-gtid-purged=OFF"] : []),
    );
    assert.equal(code, 0, stderr);
    await using file = await tempFile(stdout);
    await emulator.query("drop table shop.dumped");
    const loaded = await run([
      ...["/bin/sh", "-c", 'file=$1; shift; exec "$@" <"$file"', "sh"] as const,
      ...[file.path, client, ...loginOptions(proxy), "shop"],
    ]);
    assert.equal(loaded.code, 0, loaded.stderr);
    assert.deepEqual(
      await emulator.query("select item from shop.dumped order by id"),
      [["tea"], ["it's"]],
    );
    await emulator.query("drop table shop.dumped");
  },
);

worldTest(
  "mysql2 prepares, pages and carries a row of 18 MB",
  async (world) => {
    const connection = await mysql.createConnection(loginOf(world));
    try {
      const [[who]] = await connection.execute(
        "select current_user() as user, connection_id() as id",
      ) as unknown as [{ user: string; id: number }[]];
      assert.equal(who?.user, "app@%");
      assert.equal(who?.id, connection.threadId);
      const [[row]] = await connection.query(
        "select repeat('x', 9000000) as x, repeat('y', 9000000) as y",
      ) as unknown as [{ x: string; y: string }[]];
      assert.ok(row?.x === "x".repeat(9e6) && row.y === "y".repeat(9e6));
      const [[echo]] = await connection.query("select ? as text", [
        row.x,
      ]) as unknown as [{ text: string }[]];
      assert.ok(echo?.text === row.x);
      await connection.beginTransaction();
      await connection.execute("insert into orders values (?, ?)", [7, "tea"]);
      await connection.rollback();
      await assert.rejects(connection.query("select * from mysql.user"), {
        errno: 1142,
      });
    } finally {
      await connection.end();
    }
  },
);

worldTest(
  "mariadb's own connector prepares, batches and resets",
  async (world) => {
    const { host, port, user, password } = loginOf(world);
    const connection = await mariadb.createConnection({
      ...{ host, port, user, password, ssl: false },
    });
    try {
      const [who] = await connection.query("select current_user() as user");
      assert.equal(who.user, "app@%");
      await connection.beginTransaction();
      await connection.batch("insert into orders values (?, ?)", [[1, "a"], [
        2,
        "b",
      ]]);
      const [row] = await connection.execute(
        "select count(*) as n from orders where item in (?, ?)",
        ["a", "b"],
      );
      assert.equal(Number(row.n), 2);
      await connection.rollback();
      await connection.reset();
      assert.equal(
        Number((await connection.query("select 1 as one"))[0].one),
        1,
      );
    } finally {
      await connection.end();
    }
  },
);

worldTest(
  "a pool may change users: with the proxy's password, and not without",
  async (world) => {
    const { password } = loginOf(world);
    const connection = await mysql.createConnection(loginOf(world));
    await connection.query("set @kept = 1");
    for (const database of ["shop", "information_schema"]) {
      await connection.changeUser({ user: "another", password, database });
      const [[row]] = await connection.query(
        "select current_user() as user, database() as db, @kept as kept",
      ) as unknown as [Record<string, unknown>[]];
      assert.deepEqual({ ...row }, { user: "app@%", db: database, kept: null });
    }
    await assert.rejects(
      connection.changeUser({ user: "x", password: "wrong" }),
      {
        errno: 1045,
        message:
          /^Access denied for user 'x'@'127\.0\.0\.1' \(using password: YES\)/,
      },
    );
    connection.destroy();
    // MariaDB's connector does not do it on MySQL.
    if (world.emulator.server.engine === "mysql") return;
    const { host, port, user } = loginOf(world);
    const other = await mariadb.createConnection({
      ...{ host, port, user, password, ssl: false, database: "shop" },
    });
    await other.changeUser({ user, password, database: "shop" });
    const [who] = await other.query("select current_user() as user");
    assert.equal(who.user, "app@%");
    await other.end();
  },
);

const PYTHON = `
import pymysql, sys
connection = pymysql.connect(host="127.0.0.1", port=int(sys.argv[1]), user="whoever", password=sys.argv[2])
with connection.cursor() as cursor:
    cursor.execute("select current_user(), %s", ("it's",))
    print(*cursor.fetchone())
`;

worldTest("PyMySQL and mycli log in", async ({ proxy }, t) => {
  const { stdout, stderr } = await run([
    ...["/usr/bin/python3", "-c", PYTHON] as const,
    ...[String(proxy.port), proxy.password],
  ]);
  if (/No module named/.test(stderr)) {
    return await skip(t, "PyMySQL is not installed");
  }
  assert.equal(stdout, "app@% it's\n", stderr);
  if (await isMissing(t, "mycli")) return;
  await using home = await tempFolder();
  const mycli = await run([
    ...[
      "mycli",
      "-h",
      "127.0.0.1",
      "-P",
      String(proxy.port),
      "-u",
      "whoever",
    ] as const,
    ...["--no-warn", "--execute", WHO],
  ], { env: { HOME: home.path, MYSQL_PWD: proxy.password } });
  assert.match(mycli.stdout, /app@%\tshop/, mycli.stderr);
});

worldTest(
  "MariaDB's JDBC driver prepares and batches, by the URL that DBeaver is given",
  async ({ proxy }, t) => {
    const jar = "/usr/share/java/mariadb-java-client.jar";
    if (await isMissing(t, "java")) return;
    if (!await fileExists(jar)) {
      return await skip(t, "libmariadb-java is not installed");
    }
    const { stdout, stderr } = await run([
      ...["java", "-cp", jar, "tests/testdata/MysqlLogin.java"] as const,
      jdbcUrlOf(proxy),
      ...["whoever", proxy.password],
    ]);
    assert.equal(stdout, "app@% 3\n", stderr);
  },
);

/** The URL that the writer for DBeaver leads a target of MariaDB to the proxy by. */
function jdbcUrlOf({ port }: ProxyProcess): string {
  const [entry] = contractEntries(0, { engine: "mariadb", database: "shop" });
  assert.ok(entry);
  const { newText } = dbeaver({ proxy: `127.0.0.1:${port}` })
    .render([entry], "");
  const [connection] = Object.values<{ configuration: { url: string } }>(
    JSON.parse(newText).connections,
  );
  return connection?.configuration.url ?? "";
}

/** What a client of npm logs in with. */
function loginOf({ proxy }: MysqlWorld) {
  const { port, password } = proxy;
  return { host: "127.0.0.1", port, user: "whoever", password };
}

async function exists(program: string): Promise<boolean> {
  try {
    await run([program, "--version"]);
    return true;
  } catch {
    return false;
  }
}

async function fileExists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

async function tempFolder() {
  const path = await Deno.makeTempDir();
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

async function tempFile(text: string) {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, text);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path) };
}
