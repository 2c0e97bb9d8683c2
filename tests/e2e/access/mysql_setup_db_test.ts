import assert from "node:assert/strict";
import { serverTest } from "../../mysql_servers.ts";
import { everything, useMysqlAccess } from "./mysql_access.ts";

const emulatorOf = useMysqlAccess();

const CRUD = ["-U", "app", "--grant-public-crud"];

/** What a user with the four verbs on database `shop` may not do. */
const DENIED = [
  "create table shop.mine (id int)",
  "drop table shop.orders",
  "truncate shop.orders",
  "alter table shop.orders add column x int",
  "create view shop.v as select 1",
  "call shop.tidy()",
  "select * from hidden.salaries",
  "create database mine",
  "create user mine",
  "grant select on shop.* to app",
];

serverTest(
  "setup-db --grant-public-crud gives an IAM login that can do just that",
  async (server) => {
    const emulator = await emulatorOf(server);
    const first = await emulator.access("setup-db", ...CRUD);
    assert.equal(first.code, 0, first.stderr);
    assert.equal(
      first.stdout,
      [
        '+ create IAM account "app"@"%"',
        '+ grant SELECT, INSERT, UPDATE, DELETE on database "shop" to "app"@"%"',
        "",
      ].join("\n"),
    );
    assert.match(first.stderr, /^note: "app" has logged in with a token$/m);
    assert.match(
      first.stderr,
      /"Resource":"arn:aws:rds-db:eu-west-1:ACCOUNT_ID:dbuser:db-RESOURCE_ID\/app"/,
    );
    assert.match(
      first.stderr,
      new RegExp(
        `^rdsiam exec --engine ${server.engine} -h orders\\S+ --connect \\S+ --sslrootcert \\S+ -U app -d shop -- ${server.engine}$`,
        "m",
      ),
    );

    assert.deepEqual(
      await emulator.as(
        "app",
        "insert into shop.orders (note) values ('one'), ('two')",
        "update shop.orders set note = 'three' where id = 2",
        "delete from shop.orders where id = 1",
        "select note from shop.orders",
      ),
      [["three"]],
    );
    for (const statement of DENIED) {
      await assert.rejects(
        emulator.as("app", statement),
        /denied|to database/,
        statement,
      );
    }
    await emulator.query("create table shop.later (id int)");
    assert.deepEqual(await emulator.as("app", "select * from shop.later"), []);

    const before = await everything(emulator);
    const second = await emulator.access("setup-db", ...CRUD);
    assert.equal(second.code, 0, second.stderr);
    assert.match(second.stdout, /^(= .*\n){2}$/);
    assert.equal(
      second.stderr,
      "Nothing to change: everything is as requested\n",
    );
    const check = await emulator.access("setup-db", ...CRUD, "--check");
    assert.equal(check.code, 0);
    assert.deepEqual(await everything(emulator), before);
  },
);

serverTest(
  "setup-db repairs drift, which --check finds, and revoke --drop-role leaves nothing",
  async (server) => {
    const emulator = await emulatorOf(server);
    const options = ["-U", "drift", "--grant-public-crud"];
    const untouched = await everything(emulator);
    assert.equal((await emulator.access("setup-db", ...options)).code, 0);
    const wished = await everything(emulator);
    await emulator.query(
      "revoke update on shop.* from drift",
      "alter user drift require none",
      "alter user drift account lock",
    );
    const check = await emulator.access("setup-db", ...options, "--check");
    assert.equal(check.code, 1);
    assert.equal(
      check.stdout,
      [
        '= already granted: SELECT, INSERT, DELETE on database "shop" to "drift"@"%"',
        '~ change account "drift"@"%": require TLS, unlocked',
        '+ grant UPDATE on database "shop" to "drift"@"%"',
        "",
      ].join("\n"),
    );
    assert.equal(check.stderr, "Would change: 2\n");
    const repaired = await emulator.access("setup-db", ...options);
    assert.equal(repaired.code, 0, repaired.stderr);
    const version =
      /"(version_id|password_last_changed)":\d+|,?"account_locked":\w+/g;
    assert.deepEqual(
      (await everything(emulator)).map((line) => line.replace(version, "")),
      wished.map((line) => line.replace(version, "")),
    );
    assert.deepEqual(
      await emulator.as("drift", "select count(*) from shop.items"),
      [
        [0],
      ],
    );

    const dropped = await emulator.access(
      "revoke",
      "-U",
      "drift",
      "--drop-role",
    );
    assert.deepEqual(dropped, {
      code: 0,
      stdout: '- drop account "drift"@"%"\n',
      stderr: "",
    });
    assert.deepEqual(await everything(emulator), untouched);
    const again = await emulator.access("revoke", "-U", "drift", "--drop-role");
    assert.equal(again.stdout, '= already gone: account "drift"@"%"\n');
  },
);

serverTest(
  "setup-db --dry-run prints SQL that the master runs, and changes nothing",
  async (server) => {
    const emulator = await emulatorOf(server);
    const options = ["-U", "it's", "--preset", "readonly", "--schema", "a_b"];
    const before = await everything(emulator);
    const dry = await emulator.access("setup-db", ...options, "--dry-run");
    assert.deepEqual(
      { code: dry.code, stderr: dry.stderr },
      { code: 0, stderr: "" },
    );
    assert.equal(
      dry.stdout.replace(/^SET SESSION .*\n/, ""),
      "CREATE USER 'it''s'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL;\n" +
        "GRANT SELECT, SHOW VIEW ON `a\\_b`.* TO 'it''s'@'%';\n",
    );
    assert.deepEqual(await everything(emulator), before);
    await emulator.query(...dry.stdout.split(";\n").filter(Boolean));
    const after = await emulator.access("setup-db", ...options, "--dry-run");
    assert.deepEqual(after, { code: 0, stdout: "", stderr: "" });
    assert.deepEqual(await emulator.as("it's", "select * from a_b.t"), []);
    await assert.rejects(
      emulator.as("it's", "select * from aXb.t"),
      /denied/,
      "the other database that GRANT would take a_b for",
    );
  },
);

serverTest(
  "setup-db says on --json what it did, and that the login works",
  async (server) => {
    const emulator = await emulatorOf(server);
    const args = ["--user", "one", "--user", "two", "--preset", "readwrite"];
    const { code, stdout, stderr } = await emulator.access(
      "setup-db",
      ...args,
      "--json",
    );
    assert.equal(code, 0, stderr);
    const report = JSON.parse(stdout);
    assert.deepEqual(
      {
        administrator: report.administrator,
        applied: report.applied,
        sql: report.sql,
        logins: report.logins.map((
          { user, result }: Record<string, string>,
        ) => [
          user,
          result,
        ]),
        losses: report.losses,
      },
      {
        administrator: '"admin"@"%"',
        applied: true,
        sql: [
          "CREATE USER 'one'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL",
          "CREATE USER 'two'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL",
          "GRANT SELECT, INSERT, UPDATE, DELETE, SHOW VIEW ON `shop`.* TO 'one'@'%'",
          "GRANT SELECT, INSERT, UPDATE, DELETE, SHOW VIEW ON `shop`.* TO 'two'@'%'",
        ],
        logins: [["one", "in"], ["two", "in"]],
        losses: [],
      },
    );
  },
);

serverTest(
  "setup-db goes on where a statement failed, and says in the server's words which it was",
  async (server) => {
    const emulator = await emulatorOf(server);
    await emulator.query(
      "create user dba identified by 'dba-password'",
      "grant create user on *.* to dba",
      "grant select on mysql.* to dba",
    );
    const dba = { username: "dba", password: "dba-password" };
    const options = ["-d", "hidden", "-U", "half", "--preset", "readonly"];
    const failed = await emulator.accessAs(dba, "setup-db", ...options);
    assert.equal(failed.code, 2, failed.stderr);
    assert.match(failed.stderr, /Database "hidden" cannot be used/);
    await emulator.query("grant insert on hidden.* to dba");
    const half = await emulator.accessAs(dba, "setup-db", ...options);
    assert.equal(half.code, 1);
    assert.equal(half.stdout, '+ create IAM account "half"@"%"\n');
    assert.match(
      half.stderr,
      /^error: GRANT SELECT, SHOW VIEW ON `hidden`\.\* TO 'half'@'%' failed: Access denied for user 'dba'@'%' to database 'hidden' \(1 of 2 statements are done\)\nhint: Log in as the master user, .*; the next run goes on where this stopped\n$/,
    );
    const rest = await emulator.accessAs(
      emulator.master,
      "setup-db",
      ...options,
    );
    assert.equal(
      rest.stdout,
      '= already there: IAM account "half"@"%"\n+ grant SELECT, SHOW VIEW on database "hidden" to "half"@"%"\n',
    );
  },
);
