import assert from "node:assert/strict";
import { serverTest } from "../../mysql_servers.ts";
import { everything, startMysqlAccess } from "./mysql_access.ts";

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
    await using emulator = await startMysqlAccess(server);
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
    assert.equal(second.stderr, "Nothing to change: all is as wished\n");
    const check = await emulator.access("setup-db", ...CRUD, "--check");
    assert.equal(check.code, 0);
    assert.deepEqual(await everything(emulator), before);
  },
);
