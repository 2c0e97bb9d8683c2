import assert from "node:assert/strict";
import mysql, { type Connection } from "mysql2/promise";
import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { serverTest, TEST_SERVERS } from "../../mysql_servers.ts";
import { BY_TOKEN, startMysqlEmulator } from "../emulator/mysql_emulator.ts";
import { Terminal } from "../terminal.ts";
import {
  clientOf,
  type MysqlWorld,
  startMysqlWorld,
  useMysqlWorlds,
} from "./mysql_proxy.ts";
import { type ProxyProcess, startProxy } from "./proxy.ts";
import { rdsiam } from "../rdsiam.ts";

const worldTest = useMysqlWorlds();
const [MARIADB_10, , MYSQL_9] = TEST_SERVERS;

/** Logs in through a proxy by mysql2. */
function connect(
  { port, password }: ProxyProcess,
  more: mysql.ConnectionOptions = {},
): Promise<Connection> {
  return mysql.createConnection({
    ...{ host: "127.0.0.1", port, user: "whoever", password },
    rowsAsArray: true,
    ...more,
  });
}

/** Starts a proxy to another account of a world's database. */
function proxyTo({ emulator }: MysqlWorld, ...args: string[]) {
  return startProxy([...emulator.options, "-d", "shop", ...args]);
}

// security: proxy-wrong-password
worldTest(
  "a wrong password of the proxy is refused in MySQL's words, a second later",
  async ({ proxy }) => {
    await assert.rejects(connect(proxy, { password: "wrong" }), {
      code: "ER_ACCESS_DENIED_ERROR",
      errno: 1045,
      sqlState: "28000",
      message:
        "Access denied for user 'whoever'@'127.0.0.1' (using password: YES) (Use the local password that rdsiam proxy was started with)",
    });
    await assert.rejects(connect(proxy, { password: "" }), {
      errno: 1045,
      message: /\(using password: NO\)/,
    });
    const { reason } = await proxy.until(({ event }) => event === "refusal");
    assert.equal(reason, "local-password");
  },
);

worldTest(
  "a user without an IAM account is told so, and no token is sent",
  async (world) => {
    await world.emulator.query(
      "create user if not exists plain identified by 'plain-password'",
    );
    for (const username of ["plain", "nobody"]) {
      await using proxy = await proxyTo(world, "-U", username);
      await assert.rejects(connect(proxy), {
        errno: 1045,
        message: new RegExp(
          `the database has no IAM account for user "${username}"`,
        ),
      });
    }
    assert.doesNotMatch(
      world.emulator.log(),
      /"(plain|nobody)": (accepted|refused)/,
    );
  },
);

worldTest(
  "what the database refuses comes in its words, with what it means",
  async (world) => {
    await assert.rejects(connect(world.proxy, { database: "nowhere" }), {
      errno: 1044,
      message: /^Access denied for user 'app'@'%' to database 'nowhere'/,
    });
    // Signed for another region.
    await using proxy = await proxyTo(
      world,
      "-U",
      "app",
      "--region",
      "us-west-2",
    );
    await assert.rejects(connect(proxy), {
      errno: 1045,
      message:
        /^Access denied for user 'app'@'127\.0\.0\.1' \(using password: YES\) \(the database does not accept the token\. /,
    });
  },
);

worldTest(
  "KILL QUERY ends the query of the number that the client was told",
  async ({ proxy }) => {
    const connection = await connect(proxy);
    const other = await connect(proxy);
    try {
      const [rows] = await connection.query("select connection_id()");
      assert.deepEqual(rows, [[connection.threadId]]);
      const sleeping = connection.query("select sleep(600)").then(
        ([rows]) => JSON.stringify(rows),
        (error) => error.errno,
      );
      await untilSleeping(other);
      await other.query(`kill query ${connection.threadId}`);
      // sleep() that is interrupted gives 1, or fails.
      assert.ok([1317, "[[1]]"].includes(await sleeping));
    } finally {
      connection.destroy();
      await other.end();
    }
  },
);

async function untilSleeping(connection: Connection) {
  for (let attempt = 0; attempt < 600; attempt++) {
    const [rows] = await connection.query(
      "select count(*) from information_schema.processlist where info like 'select sleep(%'",
    );
    if (JSON.stringify(rows) === "[[1]]") return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("The query never ran");
}

worldTest(
  "Ctrl-C in the client's terminal cancels the query, and the session goes on",
  async ({ emulator, proxy }) => {
    const client = emulator.server === MYSQL_9
      ? clientOf(MYSQL_9, "mysql")
      : "mariadb";
    await using terminal = await Terminal.open({ MYSQL_PWD: proxy.password });
    await terminal.enter(
      `${client} --no-defaults -A -h127.0.0.1 -P${proxy.port} -uwhoever; echo left`,
    );
    await terminal.see(/(mysql|MariaDB \[shop\])> $/);
    await terminal.enter("select sleep(600);");
    const other = await connect(proxy);
    await untilSleeping(other);
    await other.end();
    await terminal.press("C-c");
    await terminal.see(
      /(interrupted|aborted|sleep\(600\) \|[^>]*1 \|)[^>]*> $/,
    );
    await terminal.enter("select 20+22;");
    await terminal.see(/42/);
    await terminal.enter("exit");
    await terminal.see(/left/);
  },
);

// security: sessions-go-on
serverTest(
  "a session outlives its token; the next login gets a new one",
  async (server) => {
    await using short = await startMysqlEmulator(
      server,
      "--token-lifetime",
      "4",
    );
    await short.query(`create user app ${BY_TOKEN}`);
    await using proxy = await startProxy([...short.options, "-U", "app"]);
    const connection = await connect(proxy);
    await new Promise((resolve) => setTimeout(resolve, 4_500));
    const [rows] = await connection.query("select current_user()");
    assert.deepEqual(rows, [["app@%"]]);
    // The proxy believes that its token is good for a quarter of an hour: it is refused once, and then forgotten.
    await assert.rejects(connect(proxy), { errno: 1045 });
    await (await connect(proxy)).end();
    await connection.end();
  },
  [MARIADB_10].filter((server) => server !== undefined),
);

serverTest(
  "a Unix socket lets its owner in without a password",
  async (server) => {
    await using world = await startMysqlWorld(server);
    await using folder = await temporaryFolder();
    const path = `${folder.path}/mysql.sock`;
    await using proxy = await proxyTo(
      world,
      ...["-U", "app", "--listen", `unix:${path}`],
    );
    assert.equal(proxy.listening[0]?.listen, `unix:${path}`);
    const connection = await mysql.createConnection({
      ...{ socketPath: path, user: "whoever", rowsAsArray: true },
    });
    const [rows] = await connection.query("select current_user(), database()");
    assert.deepEqual(rows, [["app@%", "shop"]]);
    await connection.end();
  },
);

serverTest("--any-user logs in as whom the client names", async (server) => {
  await using world = await startMysqlWorld(server);
  await world.emulator.query(`create user other ${BY_TOKEN}`);
  await using proxy = await startProxy([
    ...[...world.emulator.options, "-U", "app", "--any-user"],
  ]);
  const connection = await connect(proxy, { user: "other" });
  const [rows] = await connection.query("select current_user()");
  assert.deepEqual(rows, [["other@%"]]);
  await connection.end();
}, [MARIADB_10].filter((server) => server !== undefined));

serverTest(
  "drain lets open sessions finish, and takes no more",
  async (server) => {
    await using world = await startMysqlWorld(server);
    const { proxy } = world;
    const connection = await connect(proxy);
    proxy.kill("SIGTERM");
    await proxy.untilLog(/waiting for open sessions to end \(1\)/);
    await assert.rejects(connect(proxy));
    const [rows] = await connection.query("select 1");
    assert.deepEqual(rows, [[1]]);
    await connection.end();
    assert.equal((await proxy.status).code, 0);
  },
  [MARIADB_10].filter((server) => server !== undefined),
);

serverTest(
  "clients that leave before they log in do not shut the host out",
  async (server) => {
    await using world = await startMysqlWorld(server);
    const { proxy, emulator } = world;
    await emulator.query("create user watcher identified by 'x'");
    for (let attempt = 0; attempt < 30; attempt++) {
      const conn = await Deno.connect({ port: proxy.port });
      await conn.read(new Uint8Array(500));
      conn.close();
    }
    await (await connect(proxy)).end();
    const [[name, aborted] = []] = await emulator.query(
      "show global status like 'Aborted_connects'",
    );
    assert.equal(name, "Aborted_connects");
    // They are refused logins, not interrupted ones; no account has an empty name, and so none is locked by it.
    assert.ok(Number(aborted) >= 30);
  },
  [MARIADB_10].filter((server) => server !== undefined),
);

Deno.test("MySQL and MariaDB: one target a port", async () => {
  const host = "orders.abcdefghijkl.eu-west-1.rds.amazonaws.com";
  const { code, stderr } = await rdsiam([
    ...["proxy", `mysql://app@${host}/one`, `mysql://app@${host}/two`],
    ...["--listen", "127.0.0.1:0"],
  ]);
  assert.equal(code, 2);
  assert.match(
    stderr,
    /cannot share a --listen: a MySQL endpoint serves one target a port/,
  );
});

Deno.test("a database that cannot be reached is told of in the place of a greeting", async () => {
  using closed = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = closed.addr;
  closed.close();
  await using proxy = await startProxy([
    ...[
      "--engine",
      "mysql",
      "-h",
      "orders.abcdefghijkl.eu-west-1.rds.amazonaws.com",
    ],
    ...["--connect", `127.0.0.1:${port}`, "-U", "app"],
  ]);
  await assert.rejects(connect(proxy), {
    errno: 1105,
    message:
      /^Database at 127\.0\.0\.1:\d+ cannot be reached: nothing listens there/,
  });
});
