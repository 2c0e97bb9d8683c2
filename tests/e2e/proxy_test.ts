import assert from "node:assert/strict";
import { isMissing } from "../programs.ts";
import { type Emulator, startEmulator } from "./emulator.ts";
import { startProxy, toApp } from "./proxy.ts";
import { environment } from "./rdsiam.ts";

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
  assert.equal(url, `postgres://app@127.0.0.1:${proxy.port}/postgres`);
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
    /FATAL: {2}password authentication failed for user "whoever"\nHINT: {2}rdsiam proxy has a password of its own/,
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
