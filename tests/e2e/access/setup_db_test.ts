import assert from "node:assert/strict";
import { type AccessEmulator, onEachServer } from "./access.ts";
import { isMissing } from "../../programs.ts";
import { psql } from "../emulator.ts";

const CRUD = ["-U", "app", "--grant-public-crud"];

const SCRIPT = [
  'CREATE ROLE "app" LOGIN',
  'GRANT USAGE ON SCHEMA "public" TO "app"',
  'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "public" TO "app"',
  'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA "public" TO "app"',
  'GRANT "rds_iam" TO "app"',
];

/** Everything about roles and privileges that a run can change. */
async function everything({ ask }: AccessEmulator): Promise<string[]> {
  return await ask(`
    select format('role %s %s', rolname, rolcanlogin) from pg_roles
    union all select format('member %s %s', roleid::regrole, member::regrole) from pg_auth_members
    union all select format('relation %s %s', oid::regclass, relacl) from pg_class where relacl is not null and oid > 16383
    union all select format('schema %s %s', nspname, nspacl) from pg_namespace where nspname !~ '^pg_'
    union all select format('database %s %s', datname, datacl) from pg_database
    union all select format('default %s %s %s', defaclrole::regrole, defaclnamespace, defaclacl) from pg_default_acl
    order by 1`);
}

onEachServer(
  "setup-db --grant-public-crud gives an IAM login that can do just that",
  async (emulator, t) => {
    if (await isMissing(t, "psql")) return;
    const first = await emulator.access("setup-db", ...CRUD);
    assert.equal(first.code, 0, first.stderr);
    assert.equal(
      first.stdout,
      [
        '= already granted: CONNECT on database "postgres" to "app" (through PUBLIC)',
        '+ create login role "app"',
        '+ grant USAGE on schema "public" to "app"',
        '+ grant SELECT, INSERT, UPDATE, DELETE on the only table in schema "public" to "app"',
        '+ grant USAGE, SELECT on the only sequence in schema "public" to "app"',
        '+ grant role "rds_iam" to "app"',
        "",
      ].join("\n"),
    );
    assert.match(
      first.stderr,
      /"Resource":"arn:aws:rds-db:eu-west-1:ACCOUNT_ID:dbuser:db-RESOURCE_ID\/app"/,
    );
    assert.match(
      first.stderr,
      /^rdsiam exec -h orders\S+ --connect \S+ --sslrootcert \S+ -U app -d postgres -- psql$/m,
    );

    assert.deepEqual(
      await emulator.as(
        "app",
        "insert into orders (note) values ('one'), ('two')",
        "update orders set note = 'three' where id = 2",
        "delete from orders where id = 1",
        "select note from orders",
      ),
      ["three"],
    );
    const { port, ca } = emulator;
    const password = await emulator.token("app");
    const shown = await psql(
      { port, ca, user: "app", password },
      "select note from orders",
    );
    assert.equal(shown.stdout, "three\n", shown.stderr);
    for (
      const statement of [
        "create table mine (id int)",
        "drop table orders",
        "truncate orders",
        "alter table orders add column x int",
        "select * from hidden.salaries",
        "create schema mine",
      ]
    ) {
      await assert.rejects(
        emulator.as("app", statement),
        /permission denied|must be owner/,
        statement,
      );
    }

    const before = await everything(emulator);
    const second = await emulator.access("setup-db", ...CRUD);
    assert.equal(second.code, 0, second.stderr);
    assert.match(second.stdout, /^(= .*\n){6}$/);
    assert.equal(
      second.stderr,
      "Nothing to change: everything is as requested\n",
    );
    assert.equal(
      (await emulator.access("setup-db", ...CRUD, "--check")).code,
      0,
    );
    assert.deepEqual(await everything(emulator), before);
  },
);

onEachServer(
  "setup-db repairs drift, which --check finds, and revoke --drop-role leaves nothing",
  async (emulator) => {
    const untouched = await everything(emulator);
    assert.equal((await emulator.access("setup-db", ...CRUD)).code, 0);
    const wished = await everything(emulator);
    await emulator.query(
      "revoke update on orders from app",
      "revoke rds_iam from app",
    );
    const check = await emulator.access("setup-db", ...CRUD, "--check");
    assert.equal(check.code, 1);
    assert.match(
      check.stdout,
      /^\+ grant UPDATE on the only table in schema "public" to "app"\n\+ grant role "rds_iam" to "app"$/m,
    );
    assert.equal((await emulator.access("setup-db", ...CRUD)).code, 0);
    assert.deepEqual(await everything(emulator), wished);

    await emulator.query(
      "grant create on schema hidden to app",
      "grant create on database postgres to app",
    );
    await emulator.as(
      "app",
      "create schema mine",
      "create table mine.notes (id int)",
    );
    const dropped = await emulator.access("revoke", "-U", "app", "--drop-role");
    assert.equal(dropped.code, 0, dropped.stderr);
    assert.deepEqual(
      await emulator.ask(
        "select tableowner from pg_tables where schemaname = 'mine'",
      ),
      ["postgres"],
    );
    await emulator.query("drop schema mine cascade");
    const left = (await everything(emulator)).filter((line) =>
      line.includes("app")
    );
    assert.deepEqual(left, []);
    const withoutAcl = (lines: string[]) =>
      lines.filter((line) => /^(role|member)/.test(line));
    assert.deepEqual(
      withoutAcl(await everything(emulator)),
      withoutAcl(untouched),
    );
    const again = await emulator.access("revoke", "-U", "app", "--drop-role");
    assert.equal(again.stdout, '= already gone: role "app"\n');
  },
);

onEachServer(
  "setup-db --dry-run prints SQL that psql runs, and changes nothing",
  async (emulator, t) => {
    if (await isMissing(t, "psql")) return;
    const before = await everything(emulator);
    const { stdout, stderr } = await emulator.access(
      "setup-db",
      ...CRUD,
      "--dry-run",
    );
    assert.equal(stderr, "");
    const lines = stdout.split(";\n").filter((line) =>
      !line.startsWith("SET LOCAL")
    );
    assert.deepEqual(lines, ["BEGIN", ...SCRIPT, "COMMIT", ""]);
    assert.deepEqual(await everything(emulator), before);
    const { username: user, password } = emulator.master;
    const ran = await psql(
      { ...emulator, user, password },
      ...stdout.split(/(?<=;)\n/).filter(Boolean),
    );
    assert.equal(ran.code, 0, ran.stderr);
    const after = await emulator.access("setup-db", ...CRUD, "--dry-run");
    assert.deepEqual(after, { code: 0, stdout: "", stderr: "" });
  },
);
