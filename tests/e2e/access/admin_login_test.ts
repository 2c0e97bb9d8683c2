import assert from "node:assert/strict";
import { isMissing } from "../../programs.ts";
import { startAccess } from "./access.ts";
import { RDSIAM } from "../rdsiam.ts";
import { Terminal } from "../terminal.ts";

Deno.test("setup-db takes the grant back where the administrator counts as a member by it", async () => {
  await using strict = await startAccess("--admin-option-counts");
  const before = await strict.ask("select rolname from pg_roles order by 1");
  const { code, stdout, stderr } = await strict.access(
    "setup-db",
    "-U",
    "app",
    "--grant-public-crud",
  );
  assert.equal(stdout, "");
  assert.match(
    stderr,
    /^error: Granting rds_iam to "app" was taken back: "postgres" could not log in any more \(.*\)\nhint: .*--admin-iam\)\n$/,
  );
  assert.equal(code, 1);
  assert.deepEqual(
    await strict.ask("select rolname from pg_roles order by 1"),
    before,
  );

  await strict.query("create role there login", "create table t (id int)");
  const kept = await strict.access(
    "setup-db",
    "-U",
    "there",
    "--grant-public-crud",
  );
  assert.match(kept.stderr, /; drop role "there" first\n$/);
  assert.deepEqual(
    await strict.ask("select pg_has_role('there', 'rds_iam', 'MEMBER')"),
    ["false"],
  );

  // This costs the master its password login: what the program under test guards against.
  await strict.query(
    "create role iam_admin login createrole",
    "grant rds_iam to iam_admin with admin option",
  );
  const way = await strict.access(
    "setup-db",
    "-U",
    "app",
    "--admin-username",
    "iam_admin",
    "--admin-iam",
  );
  assert.equal(way.code, 0, way.stderr);
  assert.deepEqual(await strict.as("app", "select session_user"), ["app"]);
});

Deno.test("setup-db asks for the password on the terminal, where it does not show", async (t) => {
  if (await isMissing(t, "tmux")) return;
  await using emulator = await startAccess(
    "--master",
    "postgres:correct horse",
  );
  await using terminal = await Terminal.open({
    RDSIAM: RDSIAM.join(" "),
    PGPASSFILE: "/nonexistent",
  });
  await terminal.enter(
    "clear; $RDSIAM setup-db " +
      [
        ...emulator.options,
        "-d",
        "postgres",
        "-U",
        "app",
        "--admin-username",
        "postgres",
      ].join(" "),
  );
  await terminal.see(/Password for "postgres" at orders/);
  await terminal.type("correct horse");
  await terminal.press("Enter");
  const screen = await terminal.see(/grant role "rds_iam" to "app"/);
  assert.ok(!screen.includes("correct"), screen);
});

Deno.test("setup-db takes the password from the passfile, unless others may read it", async () => {
  await using emulator = await startAccess("--master", "postgres:a:b\\c");
  const passfile = await Deno.makeTempFile();
  await Deno.writeTextFile(
    passfile,
    `# mine\n${emulator.host}:${emulator.port}:postgres:postgres:a\\:b\\\\c\n`,
  );
  const run = () => emulator.access("setup-db", "-U", "app", "--check");
  const before = { ...emulator.master };
  emulator.master.password = "";
  emulator.variables.PGPASSFILE = passfile;
  try {
    await Deno.chmod(passfile, 0o600);
    assert.equal((await run()).code, 1);
    await Deno.chmod(passfile, 0o640);
    const { code, stderr } = await run();
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^warning: Passfile ".*" is ignored: group or others have access to it.*\nerror: Password for "postgres" is missing, and there is no terminal to ask on\nhint: /,
    );
  } finally {
    Object.assign(emulator.master, before);
    await Deno.remove(passfile);
  }
});

Deno.test("setup-db never goes on with a server that it cannot verify", async () => {
  await using emulator = await startAccess();
  const to = (...args: string[]) =>
    emulator.access("setup-db", "-U", "app", "--check", ...args);
  const other = "other.abcdefghijkl.eu-west-1.rds.amazonaws.com";
  const name = await to("-h", other);
  assert.match(name.stderr, /its certificate is not for "other\.abc/);
  assert.equal(name.code, 4);
  assert.equal((await to("-h", other, "--sslmode", "verify-ca")).code, 1);
  const roots = await to("--sslrootcert", "system");
  assert.match(roots.stderr, /its certificate comes from no trusted root/);
  assert.equal(roots.code, 4);
  const none = await to("--sslmode", "disable");
  assert.equal(none.code, 2);
});
