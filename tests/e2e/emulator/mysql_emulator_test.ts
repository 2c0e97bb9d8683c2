import assert from "node:assert/strict";
import { serverTest } from "../../mysql_servers.ts";
import {
  BY_TOKEN,
  dataFolder,
  startMysqlEmulator,
  useMysqlEmulators,
} from "./mysql_emulator.ts";
import { rdsiam } from "../rdsiam.ts";

/** What a server answers to a login or a statement that it refuses. */
function refusal(code: string, errno: number, message: RegExp) {
  return { code, errno, message };
}

const DENIED = refusal(
  "ER_ACCESS_DENIED_ERROR",
  1045,
  /^Access denied for user 'app'@'127\.0\.0\.1' \(using password: YES\)$/,
);

const emulatorOf = useMysqlEmulators(
  `create user app ${BY_TOKEN}`,
  "create user plain identified by 'plain-password'",
  "create database shop",
  "create table shop.orders (id int, item text)",
  "grant select, insert on shop.* to app",
);

serverTest("a token logs in as the very account, over TLS", async (server) => {
  const emulator = await emulatorOf(server);
  const connection = await emulator.connect({
    username: "app",
    password: await emulator.token("app"),
    database: "shop",
  });
  try {
    const [rows] = await connection.query("select current_user()");
    assert.deepEqual(rows, [["app@%"]]);
    const [status] = await connection.query("show status like 'Ssl_cipher'");
    assert.match(JSON.stringify(status), /^\[\["Ssl_cipher","\w+"\]\]$/);
  } finally {
    await connection.end();
  }
  assert.match(
    emulator.log(),
    /127\.0\.0\.1: "app": accepted: token of AKIAIOSFODNN7EXAMPLE, \d s old/,
  );
});

serverTest(
  "the account reads as RDS's, in the server's own words",
  async (server) => {
    const emulator = await emulatorOf(server);
    const [created] = await emulator.query("show create user app");
    assert.match(
      String(created?.[0]),
      server.engine === "mysql"
        ? /^CREATE USER `app`@`%` IDENTIFIED WITH 'AWSAuthenticationPlugin' AS 'RDS' REQUIRE SSL /
        : /^CREATE USER `app`@`%` IDENTIFIED VIA AWSAuthenticationPlugin USING 'RDS' REQUIRE SSL$/,
    );
    assert.deepEqual(
      await emulator.query(
        "select plugin, authentication_string, ssl_type from mysql.user where user = 'app'",
      ),
      [["AWSAuthenticationPlugin", "RDS", "ANY"]],
    );
  },
);

/** Tokens that RDS would refuse, and the reason that the emulator's own log gives. */
const REFUSED: [string, string[], RegExp][] = [
  [
    "another user",
    ["-U", "other"],
    /DBUser is "other" where "app" is expected/,
  ],
  [
    "another port",
    ["-p", "3307"],
    /it is signed for ".*:3307", the endpoint is ".*:3306"/,
  ],
  [
    "another region",
    ["--region", "us-west-2"],
    /the database is in "eu-west-1"/,
  ],
];

serverTest(
  "tokens that RDS refuses are refused in its words",
  async (server) => {
    const emulator = await emulatorOf(server);
    for (const [, options, reason] of REFUSED) {
      const password = await emulator.token("app", ...options);
      await assert.rejects(
        emulator.connect({ username: "app", password }),
        DENIED,
      );
      await emulator.untilLogged(reason);
    }
    await assert.rejects(
      emulator.connect({ username: "app", password: "hunter2" }),
      DENIED,
    );
    await emulator.untilLogged(/InvalidToken: the password is not a token/);
    assert.ok(!emulator.log().includes("hunter2"));
  },
);

serverTest(
  "a password account keeps its password, and takes no token",
  async (server) => {
    const emulator = await emulatorOf(server);
    const login = { username: "plain", password: "plain-password" };
    await (await emulator.connect(login)).end();
    const password = await emulator.token("plain");
    await assert.rejects(
      emulator.connect({ ...login, password }),
      refusal("ER_ACCESS_DENIED_ERROR", 1045, /for user 'plain'/),
    );
  },
);

serverTest("the server says what else it refuses", async (server) => {
  const emulator = await emulatorOf(server);
  const password = await emulator.token("app");
  await assert.rejects(
    emulator.connect({ username: "app", password, database: "nowhere" }),
    refusal("ER_DBACCESS_DENIED_ERROR", 1044, /to database 'nowhere'$/),
  );
  await emulator.query("create user locked " + BY_TOKEN + " account lock");
  await assert.rejects(
    emulator.connect({
      username: "locked",
      password: await emulator.token("locked"),
    }),
    server.engine === "mysql"
      ? refusal("ER_ACCOUNT_HAS_BEEN_LOCKED", 3118, /Account is locked/)
      : { errno: 4151, message: /this account is locked/ },
  );
});

serverTest("the master has RDS's privileges and no more", async (server) => {
  const emulator = await emulatorOf(server);
  const { username } = emulator.master;
  assert.equal(username, "admin");
  for (const privilege of ["SUPER", "FILE", "ALL PRIVILEGES"]) {
    await assert.rejects(
      emulator.query(`grant ${privilege} on *.* to plain`),
      { errno: 1045 },
      privilege,
    );
  }
  const roots = await emulator.query(
    "select user, host from mysql.user where user = 'root' or user = ''",
  );
  assert.deepEqual(roots, []);
  await emulator.query("grant select, create routine on shop.* to plain");
  const all = emulator.query("grant all privileges on shop.* to plain");
  if (server.engine === "mysql") await all;
  else await assert.rejects(all, { errno: 1044 });
});

serverTest(
  "--no-iam: no plugin, for statements as for logins",
  async (server) => {
    await using data = await dataFolder();
    {
      await using emulator = await startMysqlEmulator(
        server,
        "--data",
        data.path,
      );
      await emulator.query(`create user app ${BY_TOKEN}`);
    }
    await using emulator = await startMysqlEmulator(
      server,
      ...["--data", data.path, "--no-iam"],
    );
    const missing = refusal(
      "ER_PLUGIN_IS_NOT_LOADED",
      1524,
      /^Plugin 'AWSAuthenticationPlugin' is not loaded$/,
    );
    await assert.rejects(
      emulator.query(`create user other ${BY_TOKEN}`),
      missing,
    );
    const password = await emulator.token("app");
    await assert.rejects(
      emulator.connect({ username: "app", password }),
      missing,
    );
  },
);

serverTest(
  "--data keeps accounts, and belongs to one server",
  async (server) => {
    await using data = await dataFolder();
    const kept = ["--data", data.path];
    {
      await using emulator = await startMysqlEmulator(server, ...kept);
      await emulator.query(
        `create user app ${BY_TOKEN}`,
        "create database shop",
      );
      const { code, stderr } = await rdsiam(["emulator", ...kept]);
      assert.equal(code, 2);
      assert.match(stderr, /another server runs on it/);
    }
    await using emulator = await startMysqlEmulator(
      server,
      ...[...kept, "--master", "boss:pass'word\\"],
    );
    const password = await emulator.token("app");
    await (await emulator.connect({ username: "app", password })).end();
    assert.deepEqual(await emulator.query("show databases like 'shop'"), [[
      "shop",
    ]]);
  },
);

Deno.test("options of another engine are refused, and so is a server of another kind", async () => {
  for (
    const [args, message] of [
      [["--no-iam"], /Option --no-iam is not for --engine postgres/],
      [
        ["--engine", "mysql", "--postgres", "/"],
        /--postgres is not for --engine mysql/,
      ],
      [["--engine", "oracle"], /Engine "oracle" is not known/],
      [
        ["--engine", "mariadb", "--server", "/etc"],
        /MariaDB cannot be used from "\/etc": neither it nor its bin or sbin folder has mariadbd or mysqld/,
      ],
      [
        ["--engine", "mysql", "--master", "rdsadmin:x"],
        /User name "rdsadmin" of --master cannot be used/,
      ],
    ] satisfies [string[], RegExp][]
  ) {
    const { code, stderr } = await rdsiam(["emulator", ...args]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  }
});
