/** What `doctor` says where a server of MySQL or MariaDB refuses, each cause staged on real servers. */
import assert from "node:assert/strict";
import { encodeError } from "../../../core/mysqlwire/error_packet.ts";
import { encodePacket } from "../../../core/mysqlwire/packet.ts";
import { instance } from "../../fake_aws.ts";
import {
  serverTest,
  TEST_SERVERS,
  type TestServer,
} from "../../mysql_servers.ts";
import { serveConnections } from "../../serve_connections.ts";
import {
  BY_TOKEN,
  dataFolder,
  type MysqlEmulator,
  startMysqlEmulator,
  useMysqlEmulators,
} from "../emulator/mysql_emulator.ts";
import { again, assertNamed, runDoctor, type Stage } from "./stage.ts";

const emulatorOf = useMysqlEmulators(
  `create user app ${BY_TOKEN}`,
  `create user 'Sales' ${BY_TOKEN}`,
  "create user plain identified by 'plain-password'",
  `create user twice ${BY_TOKEN}`,
  "create user twice@'127.0.0.1' identified by 'plain-password'",
  `create user elsewhere@'10.0.0.%' ${BY_TOKEN}`,
  `create user locked ${BY_TOKEN} account lock`,
  `create user busy ${BY_TOKEN} with max_user_connections 1`,
  `create user reader ${BY_TOKEN}`,
  "create user loose identified with AWSAuthenticationPlugin as 'RDS'",
  "create database shop",
  "grant select on shop.* to app",
  "grant select on *.* to reader",
);

const MARIADB = TEST_SERVERS.filter(({ engine }) => engine === "mariadb");

/** What RDS knows of the database. */
function databaseOf(
  { engine }: TestServer,
  changes: Parameters<typeof instance>[1] = {},
) {
  const database = instance("orders", {
    engine,
    rdsEngine: engine,
    masterUsername: "admin",
    engineVersion: engine === "mysql" ? "9.7.4" : "11.8.9",
    ...changes,
  });
  const endpoints = database.endpoints.map((one) => ({ ...one, port: 3306 }));
  return { ...database, endpoints };
}

/** The options and the environment of who may look deeper. */
function admin({ master }: MysqlEmulator) {
  return {
    options: ["--admin-username", master.username],
    env: { MYSQL_PWD: master.password, PGPASSWORD: master.password },
  };
}

/** Stages a cause that AWS knows nothing of. */
async function assertCause(
  server: TestServer,
  emulator: MysqlEmulator,
  stage: Omit<Stage, "database">,
) {
  await assertNamed(emulator, { database: databaseOf(server), ...stage });
}

serverTest("doctor follows the whole chain to a session", async (server) => {
  const emulator = await emulatorOf(server);
  const { code, checks } = await runDoctor(emulator, {
    args: ["-U", "app", "-d", "shop"],
    database: databaseOf(server),
  });
  assert.equal(code, 0);
  const said = new Map(checks.map((one) => [one.check, one]));
  assert.match(said.get("tls")?.detail ?? "", /^verified \(verify-full\)/);
  assert.equal(
    said.get("login")?.detail,
    'token accepted, "app" is in',
  );
  assert.equal(said.get("role")?.detail, "'app'@'%' is an IAM account");
  assert.equal(said.get("access")?.detail, 'database "shop" is open');
  assert.match(said.get("client")?.detail ?? "", /^(MariaDB|MySQL)'s \d+\./);
  assert.equal(said.get("psql"), undefined);
  for (const { status, check } of checks) assert.equal(status, "ok", check);
});

serverTest("doctor warns where nothing is granted", async (server) => {
  const { checks, code } = await runDoctor(await emulatorOf(server), {
    args: ["-U", "Sales"],
    database: databaseOf(server),
  });
  const access = checks.find(({ check }) => check === "access");
  assert.equal(access?.status, "warning");
  assert.equal(access?.detail, "no database to use: nothing is granted");
  assert.equal(code, 0);
});

serverTest("doctor names a token that is refused", async (server) => {
  const emulator = await emulatorOf(server);
  const { host } = emulator;
  await assertCause(server, emulator, {
    args: ["-U", "app"],
    // Another key than the emulator's; nobody may ask IAM.
    env: { AWS_ACCESS_KEY_ID: "AKIAI44QH8DHBEXAMPLE" },
    aws: (aws) => aws.deny("iam:SimulatePrincipalPolicy"),
    check: "login",
    detail:
      `the database refuses the token: as a rule, the AWS identity lacks rds-db:connect for this user${
        server.engine === "mysql"
          ? ""
          : ", or there is no such account, where MariaDB may ask for a token all the same"
      }`,
    remedy: `rdsiam policy -h ${host}`,
    code: 5,
  });
  await assertCause(server, emulator, {
    args: ["-U", "app", "--region", "us-east-1"],
    aws: (aws) => aws.disabledRegions.add("us-east-1"),
    check: "region",
    detail:
      "tokens are signed for us-east-1 (--region), and the database is in eu-west-1",
    remedy: again(),
    code: 5,
  });
  await assertCause(server, emulator, {
    args: ["-U", "app", "-p", "3307"],
    check: "database",
    detail:
      'instance "orders" listens on port 3306, and tokens are signed for 3307',
    remedy: again(),
    code: 5,
  });
});

serverTest(
  "doctor names a user without an IAM account, and an administrator sees why",
  async (server) => {
    const emulator = await emulatorOf(server);
    const { host } = emulator;
    const by = admin(emulator);
    // MariaDB may ask for a token on behalf of who is not there.
    const unknown = server.engine === "mysql" ? ["nobody"] : [];
    for (const username of ["plain", ...unknown]) {
      await assertCause(server, emulator, {
        args: ["-U", username],
        check: "login",
        detail:
          `the database has no IAM account for user "${username}", where this machine logs in from (capitals matter)`,
        remedy: `rdsiam setup-db -h ${host} -U ${username}`,
        code: 5,
      });
    }
    const seen: [string, RegExp, string][] = [
      [
        "plain",
        /^'plain'@'%' is no IAM account: it logs in by \w+_password$/,
        `rdsiam setup-db -h ${host} -U plain`,
      ],
      [
        "twice",
        /^'twice'@'127\.0\.0\.1' logs in by \w+_password, and is taken before 'twice'@'%', since its host is more specific$/,
        `rdsiam setup-db -h ${host} -U twice`,
      ],
      [
        "elsewhere",
        /^'elsewhere'@'10\.0\.0\.%' is not for this machine's address, 127\.0\.0\.1$/,
        `rdsiam setup-db -h ${host} -U elsewhere`,
      ],
      [
        "sales",
        /^there is no account "sales", "Sales" is there: capitals matter$/,
        again("-h", host, "-U Sales"),
      ],
      [
        "locked",
        /^'locked'@'%' is locked$/,
        "As the administrator: ALTER USER 'locked'@'%' ACCOUNT UNLOCK",
      ],
    ];
    for (const [username, detail, remedy] of seen) {
      const { cause, checks, code } = await runDoctor(emulator, {
        args: ["-U", username, ...by.options],
        env: by.env,
        database: databaseOf(server),
      });
      const failed = checks.filter(({ status }) => status === "failed");
      assert.deepEqual(failed.map(({ check }) => check), ["role"], username);
      assert.match(cause?.detail ?? "", detail);
      assert.equal(cause?.remedy?.slice(0, remedy.length), remedy);
      assert.equal(code, 5);
    }
  },
);

serverTest("doctor names an account that is locked", async (server) => {
  const emulator = await emulatorOf(server);
  await assertCause(server, emulator, {
    args: ["-U", "locked"],
    check: "login",
    detail: "the account is locked",
    remedy: "As the administrator: ALTER USER 'locked'@'%' ACCOUNT UNLOCK",
    code: 5,
  });
});

serverTest("doctor names a database that is not open", async (server) => {
  const emulator = await emulatorOf(server);
  await assertCause(server, emulator, {
    args: ["-U", "app", "-d", "nowhere"],
    check: "login",
    detail: "Access denied for user 'app'@'%' to database 'nowhere'",
    remedy: `rdsiam grant -h ${emulator.host} -U app -d nowhere`,
    code: 5,
  });
  await assertCause(server, emulator, {
    args: ["-U", "reader", "-d", "nowhere"],
    check: "login",
    detail: "Unknown database 'nowhere'",
    remedy: "Name the database with --dbname",
    code: 2,
  });
});

serverTest(
  "doctor names an account that must set a password",
  async (server) => {
    const emulator = await emulatorOf(server);
    await emulator.query(
      `create user if not exists expired ${BY_TOKEN} password expire`,
    );
    await assertCause(server, emulator, {
      args: ["-U", "expired"],
      check: "login",
      detail: "the account's password has expired, though it has none",
      remedy: `rdsiam setup-db -h ${emulator.host} -U expired`,
      code: 5,
    });
  },
  // MySQL has no such account.
  MARIADB,
);

serverTest("doctor names limits", async (server) => {
  const emulator = await emulatorOf(server);
  const { port } = emulator;
  const connection = await emulator.connect({
    username: "busy",
    password: await emulator.token("busy"),
  });
  await assertCause(server, emulator, {
    args: ["-U", "busy"],
    check: "login",
    detail:
      "User 'busy' has exceeded the 'max_user_connections' resource (current value: 1)",
    remedy: "Try again in a moment, or raise the limit",
    code: 4,
  });
  await connection.end();
  // Who has not logged in yet counts, too.
  const waiting = [];
  for (let isFull = false; !isFull;) {
    const conn = await Deno.connect({ port });
    waiting.push(conn);
    const packet = new Uint8Array(256);
    await conn.read(packet);
    isFull = packet[4] === 0xff; // an error in place of a greeting
  }
  try {
    await assertCause(server, emulator, {
      args: ["-U", "app"],
      check: "tls",
      detail: "Connection refused: Too many connections",
      remedy: "Try again in a moment, or raise the limit",
      code: 4,
    });
  } finally {
    for (const conn of waiting) conn.close();
  }
});

serverTest(
  "doctor names IAM authentication that is off, whether RDS may be asked or not",
  async (server) => {
    await using data = await dataFolder();
    const kept = ["--data", data.path];
    {
      await using emulator = await startMysqlEmulator(server, ...kept);
      await emulator.query(`create user app ${BY_TOKEN}`);
    }
    await using emulator = await startMysqlEmulator(
      server,
      ...[...kept, "--no-iam"],
    );
    const remedy = `rdsiam policy -h ${emulator.host}`;
    await assertCause(server, emulator, {
      args: ["-U", "app"],
      aws: (aws) => aws.deny("rds:DescribeDBInstances"),
      check: "login",
      detail: "IAM authentication is off for this database, or unsupported",
      remedy,
      code: 5,
    });
    await assertNamed(emulator, {
      args: ["-U", "app"],
      database: databaseOf(server, { iam: "off" }),
      check: "database",
      detail: 'IAM authentication is off for instance "orders"',
      remedy,
      code: 5,
    });
  },
);

serverTest(
  "doctor names a machine that no account is for",
  async (server) => {
    await using emulator = await startMysqlEmulator(server);
    await emulator.query(
      "rename user admin@'%' to admin@'10.0.0.1'",
      "flush privileges",
    );
    await assertCause(server, emulator, {
      args: ["-U", "app"],
      check: "tls",
      detail:
        "Connection refused: no account of the database is for this machine's address",
      remedy: "Make one for it with rdsiam setup-db",
      code: 5,
    });
  },
  // MySQL has its master's role for every address.
  MARIADB,
);

Deno.test("doctor names a host that a server of MySQL has blocked", async () => {
  // Loopback is in no server's cache of hosts, so that none blocks it.
  const message =
    "Host '10.0.0.5' is blocked because of many connection errors; unblock with 'mysqladmin flush-hosts'";
  const error = { code: 1129, sqlState: "HY000", message };
  await using server = serveConnections(undefined, async (client) => {
    await client.write(encodePacket(0, encodeError(error, true)));
  });
  const host = "orders.abcdefghijkl.eu-west-1.rds.amazonaws.com";
  await assertNamed({
    options: [
      ...["--engine", "mysql", "-h", host],
      ...["--connect", `127.0.0.1:${server.port}`],
    ],
  }, {
    args: ["-U", "app"],
    database: databaseOf({ name: "", engine: "mysql", folder: undefined }),
    check: "tls",
    detail: `Connection refused: ${message}`,
    remedy: "Run FLUSH HOSTS as the administrator",
    code: 4,
  });
});
