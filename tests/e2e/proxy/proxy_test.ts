import assert from "node:assert/strict";
import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { isMissing } from "../../programs.ts";
import { type Emulator, startEmulator } from "../emulator.ts";
import { configuredTarget, startProxy, toApp } from "./proxy.ts";
import { environment, rdsiam, run } from "../rdsiam.ts";

let emulator: Emulator;

Deno.test.beforeAll(async () => {
  emulator = await startEmulator();
  await emulator.query(
    "create role app login",
    "grant rds_iam to app",
    "create role other login",
    "grant rds_iam to other",
    "create role plain login password 'its own'",
  );
});

Deno.test.afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
});

Deno.test("psql logs in through proxy as the target's user, whatever its own name is", async (t) => {
  if (await isMissing(t, "psql")) return;
  await using proxy = await startProxy(toApp(emulator));
  const [{ url, target } = { url: "", target: "" }] = proxy.listening;
  assert.equal(target, `app@${emulator.host}:5432/postgres`);
  assert.equal(url, `postgresql://app@127.0.0.1:${proxy.port}/postgres`);
  assert.match(proxy.password, /^[A-Za-z0-9_-]{32}$/);
  const { stdout, stderr } = await proxy.psql(
    "select session_user, current_database()",
  );
  assert.equal(stderr, "");
  assert.equal(stdout, "app|postgres\n");
  const login = await proxy.until(({ event }) => event === "login");
  assert.equal(login.username, "app");
  const end = await proxy.until(({ event }) => event === "end");
  assert.equal(end.endedBy, "client");
  assert.equal(proxy.log(), "");
});

Deno.test("proxy refuses a wrong local password, and a missing one", async (t) => {
  if (await isMissing(t, "psql")) return;
  await using proxy = await startProxy(toApp(emulator));
  const { code, stderr } = await proxy.psql("select 1", { PGPASSWORD: "x" });
  assert.equal(code, 2);
  assert.match(
    stderr,
    /FATAL: {2}password authentication failed for user "whoever"\nHINT: {2}Use the local password that rdsiam proxy was started with/,
  );
  const { reason } = await proxy.until(({ event }) => event === "refusal");
  assert.equal(reason, "local-password");
  const none = await proxy.psql("select 1", { PGPASSWORD: "" });
  assert.match(none.stderr, /no password supplied/);
});

Deno.test("proxy passes on what the database refuses, and names the likely cause", async (t) => {
  if (await isMissing(t, "psql")) return;
  await using proxy = await startProxy([...toApp(emulator), "--any-user"]);
  const missing = await proxy.psql("select 1", {
    PGUSER: "app",
    PGDATABASE: "nope",
  });
  assert.match(missing.stderr, /FATAL: {2}database "nope" does not exist/);
  const plain = await proxy.psql("select 1", { PGUSER: "plain" });
  assert.match(
    plain.stderr,
    /FATAL: {2}the database asks for a SCRAM password of user "plain", not for a token\nHINT: {2}The role is missing \(capitals matter\) or not in rds_iam/,
  );
  const other = await proxy.psql("select session_user", {
    PGUSER: "other",
    PGDATABASE: "postgres",
  });
  assert.equal(other.stdout, "other\n");
});

Deno.test("Ctrl-C in psql cancels its query through proxy", async (t) => {
  if (await isMissing(t, "psql")) return;
  await using proxy = await startProxy(toApp(emulator));
  const psql = new Deno.Command("psql", {
    args: ["-XAtq", "-c", "select pg_sleep(60)"],
    env: environment({
      PGHOST: "127.0.0.1",
      PGPORT: String(proxy.port),
      PGUSER: "app",
      PGPASSWORD: proxy.password,
      PGDATABASE: "postgres",
    }),
    clearEnv: true,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  await emulator.untilActive("app", "pg_sleep(60)");
  psql.kill("SIGINT");
  assert.match(
    await new Response(psql.stderr).text(),
    /canceling statement due to user request/,
  );
  await psql.status;
  await proxy.until(({ event }) => event === "cancel");
});

Deno.test("proxy serves several targets behind one listener, chosen by the database's name", async (t) => {
  if (await isMissing(t, "psql")) return;
  await using folder = await temporaryFolder();
  const config = `${folder.path}/rdsiam.toml`;
  await Deno.writeTextFile(
    config,
    [
      configuredTarget(emulator, "one", "app"),
      configuredTarget(emulator, "two", "other"),
    ].join(""),
  );
  await using proxy = await startProxy(
    ["--config", config, "--listen", "127.0.0.1:0"],
    {},
    2,
  );
  assert.deepEqual(
    proxy.listening.map((
      { target, listen, database },
    ) => [target, listen, database]),
    [["one", `127.0.0.1:${proxy.port}`, "postgres@one"], [
      "two",
      `127.0.0.1:${proxy.port}`,
      "postgres@two",
    ]],
  );
  const sql = "select session_user, current_database()";
  async function ask(PGDATABASE: string) {
    const { stdout, stderr } = await proxy.psql(sql, { PGDATABASE });
    return stdout + stderr;
  }
  assert.equal(await ask("postgres@one"), "app|postgres\n");
  assert.equal(await ask("template1@two"), "other|template1\n");
  assert.equal(await ask("two"), "other|postgres\n");
  assert.match(
    await ask("three"),
    /database "three" names no target of this proxy\nHINT: {2}Ask for DATABASE@TARGET, where TARGET is one of: one, two/,
  );
});

// security: proxy-unix-socket
Deno.test("proxy listens on a unix socket that is its user's alone, without a password", async (t) => {
  if (await isMissing(t, "psql")) return;
  await using folder = await temporaryFolder();
  const path = `${folder.path}/.s.PGSQL.5432`;
  await using proxy = await startProxy([
    ...toApp(emulator),
    "--listen",
    `unix:${path}`,
  ]);
  assert.equal(proxy.password, "");
  assert.equal(((await Deno.lstat(path)).mode ?? 0) & 0o777, 0o600);
  const url = proxy.listening[0]?.url ?? "";
  const { stdout } = await run(["psql", "-XAtqc", "select session_user", url]);
  assert.equal(stdout, "app\n");
  proxy.kill("SIGTERM");
  await proxy.status;
  await assert.rejects(Deno.lstat(path));
});

// security: proxy-said-twice
Deno.test("proxy refuses to listen for other machines unless that is said twice", async () => {
  const { code, stderr } = await rdsiam([
    ...["proxy", ...toApp(emulator), "--listen", "0.0.0.0:0"],
  ]);
  assert.equal(code, 2);
  assert.equal(
    stderr,
    'error: Address "0.0.0.0" of --listen can be reached from other machines\n' +
      "hint: Pass --local-auth password to allow it, and --tls-cert to encrypt it\n",
  );
});

// security: proxy-password-file
Deno.test("proxy writes a password file for its user alone, and reads it the next time", async (t) => {
  if (await isMissing(t, "psql")) return;
  await using folder = await temporaryFolder();
  const file = `${folder.path}/password`;
  const args = [...toApp(emulator), "--local-password-file", file];
  let written = "";
  for (const _ of [1, 2]) {
    await using proxy = await startProxy(args);
    assert.equal(proxy.password, "");
    const password = (await Deno.readTextFile(file)).trim();
    if (written !== "") assert.equal(password, written);
    written = password;
    const { stdout } = await proxy.psql("select 1", { PGPASSWORD: password });
    assert.equal(stdout, "1\n");
  }
  assert.equal(((await Deno.stat(file)).mode ?? 0) & 0o777, 0o600);
  await Deno.chmod(file, 0o644);
  const { code, stderr } = await rdsiam(["proxy", ...args]);
  assert.equal(code, 2);
  assert.match(stderr, /can be read by others\nhint: Run chmod 600/);
});

Deno.test({
  name:
    "proxy takes a password file of root's that its group may read, as Kubernetes makes them",
  ignore: Deno.uid() !== 0, // only root can make such a file
  async fn() {
    await using folder = await temporaryFolder();
    const file = `${folder.path}/password`;
    await Deno.writeTextFile(file, "secret\n", { mode: 0o440 });
    const args = [...toApp(emulator), "--local-password-file", file];
    await using proxy = await startProxy(args);
    assert.notEqual(proxy.port, 0);
    await Deno.chmod(file, 0o460);
    const { code, stderr } = await rdsiam(["proxy", ...args]);
    assert.equal(code, 2);
    assert.match(stderr, /can be read by others/);
  },
});
