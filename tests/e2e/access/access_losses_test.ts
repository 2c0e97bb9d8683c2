import assert from "node:assert/strict";
import { onEachServer } from "./access.ts";

onEachServer(
  "revoke keeps what a leaver granted, lists what others lose, and goes on with --force",
  async (emulator) => {
    await emulator.query(
      "create role deleg login",
      "create role bob login",
      "create role worker login",
      "grant deleg to worker",
      "grant rds_iam to deleg",
      "grant select on orders to deleg with grant option",
    );
    await emulator.as("deleg", "grant select on orders to bob");
    const args = ["--user", "deleg", "--privileges", "SELECT"];
    const select = [...args, "--tables", "orders"];
    const refused = await emulator.access("revoke", ...select);
    assert.deepEqual(refused, {
      code: 2,
      stdout: "",
      stderr:
        'error: Refused, since it takes more than was asked for: "worker" loses SELECT on table "orders" in schema "public"\n' +
        "hint: Add --force if that may go; with --dry-run it is listed alone\n",
    });
    const listed = await emulator.access(
      "revoke",
      ...select,
      "--force",
      "--dry-run",
    );
    assert.deepEqual(listed, {
      code: 0,
      stdout: "BEGIN;\n" +
        'GRANT SELECT ON TABLE "public"."orders" TO "bob";\n' +
        'REVOKE SELECT ON TABLE "public"."orders" FROM "deleg" CASCADE;\n' +
        "COMMIT;\n",
      stderr:
        'warning: "worker" loses SELECT on table "orders" in schema "public"\n',
    });
    const done = await emulator.access(
      "revoke",
      ...select,
      "--force",
      "--json",
    );
    const { applied, losses, regranted } = JSON.parse(done.stdout);
    const object = {
      kind: "table",
      schema: "public",
      name: "orders",
      column: null,
      argumentTypes: [],
      table: null,
      owner: null,
    };
    const entry = {
      kind: "privilege",
      privilege: "SELECT",
      grantOption: false,
      object,
    };
    assert.deepEqual({ applied, losses, regranted }, {
      applied: true,
      losses: [{ role: "worker", ...entry, outside: false, force: true }],
      regranted: [{ role: "bob", ...entry, grantor: "deleg" }],
    });
    assert.deepEqual(
      await emulator.ask(
        "select has_table_privilege('bob', 'orders', 'SELECT')",
      ),
      ["true"],
    );
  },
);

onEachServer(
  "revoke --check sees privileges on columns, and --all leaves other databases alone",
  async (emulator) => {
    await emulator.query(
      "create role app login",
      "create table people (id int, ssn text)",
      "grant select (id, ssn), update (ssn) on people to app",
      "create database other",
      "revoke connect on database other from public",
      "grant connect on database other to app",
    );
    const args = [
      "--user",
      "app",
      "--privileges",
      "SELECT,UPDATE",
      "--tables",
      "people",
    ];
    assert.equal((await emulator.access("revoke", ...args, "--check")).code, 1);
    const all = await emulator.access("revoke", "--user", "app", "--all");
    assert.deepEqual(all, {
      code: 0,
      stdout:
        '- revoke SELECT, UPDATE on table "people" in schema "public" from "app"\n',
      stderr:
        'note: "app" keeps CONNECT on database "other", which is outside of this database\n',
    });
    assert.equal((await emulator.access("revoke", ...args, "--check")).code, 0);
    const drop = await emulator.access(
      "revoke",
      "--user",
      "app",
      "--drop-role",
    );
    assert.equal(drop.code, 2);
    assert.match(
      drop.stderr,
      /^error: Refused, .*: "app" loses CONNECT on database "other", outside of this database\nhint: Add --force/,
    );
    const forced = await emulator.access(
      "revoke",
      "--user",
      "app",
      "--drop-role",
      "--force",
    );
    assert.deepEqual(forced, {
      code: 0,
      stdout: '- revoke CONNECT on database "other" from "app"\n' +
        '- drop role "app"\n',
      stderr:
        'warning: "app" loses CONNECT on database "other", outside of this database\n',
    });
  },
);
