import assert from "node:assert/strict";
import { onEachServer } from "./access.ts";
import { rdsiam } from "../rdsiam.ts";

onEachServer(
  "setup-db --default-privileges covers tables to come, and a group its members",
  async (emulator) => {
    await emulator.query(
      "create role owner1 nologin",
      "grant owner1 to postgres",
      "grant create on schema public to owner1",
    );
    const args = [
      "--user",
      "jane.doe@example.com",
      "--user",
      'Ops "Team"',
      "--group",
      "readers",
      "--preset",
      "readonly",
      "--default-privileges",
      "--owner",
      "owner1",
    ];
    const done = await emulator.access("setup-db", ...args);
    assert.equal(done.code, 0, done.stderr);
    await emulator.query(
      "set role owner1",
      "create table later (id int)",
      "insert into later values (7)",
    );
    for (const user of ["jane.doe@example.com", 'Ops "Team"']) {
      assert.deepEqual(await emulator.as(user, "select id from later"), ["7"]);
      await assert.rejects(
        emulator.as(user, "insert into later values (1)"),
        /permission denied/,
      );
    }
    assert.deepEqual(
      await emulator.ask(
        "select member::regrole::text from pg_auth_members where roleid = 'rds_iam'::regrole and member <> 'rds_superuser'::regrole order by member::regrole::text collate \"C\"",
      ),
      ['"Ops ""Team"""', '"jane.doe@example.com"'],
    );
    const again = await emulator.access("setup-db", ...args, "--check");
    assert.equal(again.code, 0, again.stdout);
  },
);

onEachServer(
  "grant and revoke change single tables by pattern",
  async (emulator) => {
    await emulator.query(
      "create table order_lines (id int)",
      "create table customers (id int)",
      "create role bob login",
    );
    const args = [
      "--user",
      "bob",
      "--privileges",
      "select,insert",
      "--tables",
      "order*",
    ];
    assert.equal(
      (await emulator.access("grant", ...args)).stdout,
      '+ grant SELECT, INSERT on tables "order_lines", "orders" in schema "public" to "bob"\n',
    );
    const revoked = await emulator.access("revoke", ...args, "--json");
    const { applied, sql } = JSON.parse(revoked.stdout);
    assert.deepEqual({ applied, sql }, {
      applied: true,
      sql: [
        'REVOKE SELECT, INSERT ON TABLE "public"."order_lines", "public"."orders" FROM "bob"',
      ],
    });
  },
);

onEachServer(
  "setup-db run twice at the same time ends well for both",
  async (emulator) => {
    await emulator.query("create database other");
    for (const databases of [["postgres", "postgres"], ["postgres", "other"]]) {
      for (let round = 0; round < 4; round++) {
        const user = `user-${databases[1]}-${round}`;
        const results = await Promise.all(
          databases.map((database) =>
            emulator.access(
              "setup-db",
              "-d",
              database,
              "-U",
              user,
              "--grant-public-crud",
            )
          ),
        );
        for (const { code, stderr } of results) {
          assert.equal(code, 0, stderr);
        }
        assert.deepEqual(await emulator.as(user, "select session_user"), [
          user,
        ]);
      }
    }
  },
);

Deno.test("setup-db, grant and revoke explain their options", async () => {
  for (const command of ["setup-db", "grant", "revoke"]) {
    const { code, stdout } = await rdsiam([command, "--help"]);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /--admin-username <name>[\s\S]*--dry-run[\s\S]*Examples:\n {2}rdsiam /,
    );
  }
});
