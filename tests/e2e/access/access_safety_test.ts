import assert from "node:assert/strict";
import { type AccessEmulator, startAccess } from "./access.ts";
import { rdsiam } from "../rdsiam.ts";

let emulator: AccessEmulator;

Deno.test.beforeAll(async () => {
  emulator = await startAccess();
  await emulator.query(
    "create table orders (id int)",
    "create role team nologin",
    "create role colleague login password 'colleague-password'",
    "create role boss login",
    "grant boss to colleague",
  );
});

Deno.test.afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
});

/** Declares that `setup-db` with these arguments ends so, and that nothing has changed. */
function refuses(
  name: string,
  args: string[],
  expected: { code: number; stderr: RegExp },
) {
  Deno.test(name, async () => {
    const before = await emulator.ask("select count(*) from pg_auth_members");
    const roles = await emulator.ask("select rolname from pg_roles order by 1");
    const { code, stdout, stderr } = await emulator.access("setup-db", ...args);
    assert.match(stderr, expected.stderr);
    assert.deepEqual({ code, stdout }, { code: expected.code, stdout: "" });
    assert.deepEqual(
      await emulator.ask("select rolname from pg_roles order by 1"),
      roles,
    );
    assert.deepEqual(
      await emulator.ask("select count(*) from pg_auth_members"),
      before,
    );
  });
}

refuses("setup-db refuses to give the administrator an IAM login", [
  "-U",
  "postgres",
], {
  code: 2,
  stderr:
    /^error: Granting rds_iam was refused: "postgres", who is logged in, would become a member/,
});
refuses("setup-db refuses what would take a password login from a member", [
  "-U",
  "boss",
], {
  code: 2,
  stderr:
    /^error: Granting rds_iam was refused: it reaches "colleague" through membership.*\nhint: .*--force/,
});
refuses("setup-db suggests the nearest schema", [
  "-U",
  "app",
  "--preset",
  "readonly",
  "--schema",
  "pulbic",
], {
  code: 2,
  stderr:
    /^error: Schema "pulbic" cannot be used: it does not exist\nhint: Did you mean "public"\?\n$/,
});
refuses("setup-db suggests the nearest table", [
  "-U",
  "app",
  "--privileges",
  "SELECT",
  "--tables",
  "ordres",
], {
  code: 2,
  stderr: /"ordres".*\nhint: Did you mean "orders"\?\n$/,
});
refuses("setup-db suggests the nearest owner", [
  "-U",
  "app",
  "--grant-public-crud",
  "--default-privileges",
  "--owner",
  "postgers",
], {
  code: 2,
  stderr:
    /^error: Owner "postgers" cannot be used: it does not exist\nhint: Did you mean "postgres"\?\n$/,
});
for (const name of ["", "pg_app", "rds_app", "public", "x".repeat(64)]) {
  refuses(
    `setup-db refuses the name "${name.slice(0, 10)}" (${name.length} bytes)`,
    ["--user", name],
    {
      code: 2,
      stderr: /^error: Role name ".*" cannot be used: /,
    },
  );
}

Deno.test("grant suggests the nearest group", async () => {
  const { code, stderr } = await emulator.access(
    "grant",
    "-U",
    "colleague",
    "--group",
    "taem",
  );
  assert.equal(code, 2);
  assert.equal(
    stderr,
    'error: Group "taem" cannot be used: it does not exist\nhint: Did you mean "team"?\n',
  );
});

Deno.test("setup-db takes any name for what it is", async () => {
  const names = [
    'x"; DROP TABLE orders; --',
    "x'; DROP TABLE orders; --",
    "$$; DROP TABLE orders; $$",
    "Ops-Team",
    "jane.doe@example.com",
    "josé\\",
    "ü".repeat(31) + "x",
    "--",
    "PUBLIC",
  ];
  for (const name of names) {
    const created = await emulator.access(
      "setup-db",
      "--user",
      name,
      "--group",
      `group of ${name}`.slice(0, 30),
      "--grant-public-crud",
    );
    assert.equal(created.code, 0, created.stderr);
    const again = await emulator.access("setup-db", "--user", name, "--check");
    assert.equal(again.code, 0, again.stdout);
  }
  const roles = await emulator.ask(
    "select rolname from pg_roles where rolcanlogin",
  );
  for (const name of names) assert.ok(roles.includes(name), name);
  assert.deepEqual(
    await emulator.as("jane.doe@example.com", "select count(*) from orders"),
    ["0"],
  );
  for (const name of names) {
    const dropped = await emulator.access(
      "revoke",
      "--user",
      name,
      "--drop-role",
    );
    assert.equal(dropped.code, 0, dropped.stderr);
  }
});

Deno.test("setup-db says which right an administrator lacks, and who can give it", async () => {
  const { code, stderr } = await rdsiam([
    "setup-db",
    ...emulator.options,
    "-d",
    "postgres",
    "-U",
    "app",
    "--admin-username",
    "colleague",
  ], { env: { PGPASSWORD: "colleague-password" } });
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^error: Creating role "app" failed: "colleague" lacks CREATEROLE.*\nhint: Log in as a role that has it: "postgres"\n$/,
  );
});

Deno.test("setup-db says to an administrator without a password to log in with a token", async () => {
  await emulator.query(
    "create role iam_admin login createrole",
    "grant rds_iam to iam_admin",
  );
  const refused = await emulator.access(
    "setup-db",
    "-U",
    "app",
    "--admin-username",
    "iam_admin",
  );
  assert.deepEqual(refused, {
    code: 5,
    stdout: "",
    stderr:
      'error: Login as "iam_admin" failed: the role is in rds_iam, which takes no password\nhint: Add --admin-iam to log in with a token\n',
  });
  const other = await emulator.access("setup-db", "-U", "app", "--admin-iam");
  assert.equal(other.code, 5);
  assert.match(
    other.stderr,
    /^error: Login as "postgres" failed: the database took the token for a password\nhint: /,
  );
});
