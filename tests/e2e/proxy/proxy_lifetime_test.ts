import assert from "node:assert/strict";
import postgres from "postgres";
import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { isMissing } from "../../programs.ts";
import { type Emulator, startEmulator } from "../emulator.ts";
import { bytesOf, message } from "../../testdata/packets.ts";
import {
  authority,
  connectClient,
} from "../../services/proxy/network_fixture.ts";
import {
  MOST_TAKEN,
  sendMuch,
  untilQuiet,
} from "../../services/proxy/send_much.ts";
import {
  configuredTarget,
  type ProxyProcess,
  startProxy,
  toApp,
} from "./proxy.ts";
import { rdsiam } from "../rdsiam.ts";

let emulator: Emulator;

Deno.test.beforeAll(async () => {
  emulator = await startEmulator();
  await emulator.query(
    "create role app login",
    "grant rds_iam to app",
    "create role other login",
    "grant rds_iam to other",
  );
});

Deno.test.afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
});

Deno.test("proxy takes a new configuration over on SIGHUP, and sessions go on", async (t) => {
  if (await isMissing(t, "psql")) return;
  await using folder = await temporaryFolder();
  const config = `${folder.path}/rdsiam.toml`;
  await Deno.writeTextFile(config, configuredTarget(emulator, "one", "app"));
  await using proxy = await startProxy(["--config", config]);
  const sql = connect(proxy.port, proxy.password, "app");
  assert.deepEqual([...await sql`select session_user as name`], [{
    name: "app",
  }]);
  await Deno.writeTextFile(config, configuredTarget(emulator, "two", "other"));
  proxy.kill("SIGHUP");
  const event = await proxy.until(({ event, target }) =>
    event === "listening" && target === "two"
  );
  const { stdout } = await proxy.psql("select session_user", {
    PGPORT: String(event.listen).split(":")[1] ?? "",
    PGDATABASE: "postgres",
  });
  assert.equal(stdout, "other\n");
  assert.deepEqual([...await sql`select session_user as name`], [{
    name: "app",
  }]);
  await assert.rejects(Deno.connect({ port: proxy.port }));
  await sql.end();

  await Deno.writeTextFile(config, "nonsense");
  proxy.kill("SIGHUP");
  await proxy.untilLog(/warning: The new configuration is not used/);
  proxy.kill("SIGTERM");
  assert.equal((await proxy.status).code, 0);
});

Deno.test("proxy waits for sessions on SIGTERM and accepts no more, then ends them", async () => {
  await using proxy = await startProxy([...toApp(emulator), "--drain", "1s"]);
  const sql = connect(proxy.port, proxy.password, "app");
  await sql`select 1`;
  proxy.kill("SIGTERM");
  await proxy.untilLog(/waiting for open sessions to end \(1\)/);
  await sql`select 1`;
  await assert.rejects(Deno.connect({ port: proxy.port }));
  assert.equal((await proxy.status).code, 0);
  await sql.end({ timeout: 0 });
});

// security: metrics-hold-no-secret
Deno.test("proxy --http tells whether it lives, is ready, and what it does", async (t) => {
  if (await isMissing(t, "psql")) return;
  await using proxy = await startProxy([
    ...toApp(emulator),
    "--http",
    "127.0.0.1:0",
  ]);
  const { listen } = await proxy.until(({ event }) => event === "http");
  async function get(path: string) {
    const response = await fetch(`http://${listen}${path}`);
    return `${response.status} ${await response.text()}`;
  }
  assert.equal(await get("/livez"), "200 ok\n");
  assert.equal(await get("/readyz"), "200 ok\n");
  assert.deepEqual(await check(listen), { code: 0, stdout: "", stderr: "" });
  await proxy.psql("select 1");
  await proxy.psql("select 1", { PGPASSWORD: "wrong" });
  await proxy.until(({ event }) => event === "refusal");
  const name = `target="app@${emulator.host}:5432/postgres"`;
  const metrics = await get("/metrics");
  for (
    const line of [
      `rdsiam_proxy_logins_total{${name},result="ok"} 1`,
      `rdsiam_proxy_logins_total{${name},result="local-password"} 1`,
      `rdsiam_proxy_upstream_login_seconds_count{${name}} 1`,
      `rdsiam_proxy_connections{${name}} 0`,
    ]
  ) assert.ok(metrics.includes(`${line}\n`), `${line} in\n${metrics}`);
  assert.match(metrics, /rdsiam_proxy_bytes_total\{[^}]*from="client"\} [1-9]/);
  assert.match(metrics, /rdsiam_proxy_token_age_seconds\{[^}]*\} \d/);
  for (const secret of [proxy.password, "X-Amz-", "select 1", "wrong"]) {
    assert.ok(!metrics.includes(secret), secret);
  }
  assert.match(await get("/nothing"), /^404 \/livez/);
});

Deno.test("proxy is not ready without credentials, says so, and refuses logins with the reason", async (t) => {
  if (await isMissing(t, "psql")) return;
  await using proxy = await startProxy(
    [...toApp(emulator), "--http", "127.0.0.1:0"],
    { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined },
  );
  const { listen } = await proxy.until(({ event }) => event === "http");
  const response = await fetch(`http://${listen}/readyz`);
  assert.equal(response.status, 503);
  assert.match(await response.text(), /credentials/);
  const { code, stderr: why } = await check(listen);
  assert.equal(code, 1);
  assert.match(why, /^error: Proxy at .* is not ready: .*credentials/);
  await proxy.untilLog(
    /warning: Logins at .* do not work yet: .*credentials/,
  );
  const { stderr } = await proxy.psql("select 1");
  assert.match(stderr, /FATAL: .*credentials/);
  const refusal = await proxy.until(({ event }) => event === "refusal");
  assert.equal(refusal.reason, "credentials");
});

Deno.test("proxy tells systemd when it is ready, reloads and stops", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/notify`;
  const systemd = Deno.listenDatagram({ transport: "unixpacket", path });
  using closing = new DisposableStack();
  closing.defer(() => systemd.close());
  async function heard() {
    const [bytes] = await systemd.receive();
    return new TextDecoder().decode(bytes);
  }
  await using proxy = await startProxy(toApp(emulator), {
    NOTIFY_SOCKET: path,
    TMPDIR: folder.path,
  });
  assert.equal(await heard(), "READY=1");
  proxy.kill("SIGHUP");
  assert.equal(await heard(), "RELOADING=1");
  assert.equal(await heard(), "READY=1");
  proxy.kill("SIGTERM");
  assert.equal(await heard(), "STOPPING=1");
  assert.equal((await proxy.status).code, 0);
  const left = await Array.fromAsync(Deno.readDir(folder.path));
  assert.deepEqual(left.map(({ name }) => name), ["notify"]);
});

Deno.test("proxy serves the socket that systemd passes it", async (t) => {
  if (await isMissing(t, "psql", "systemd-socket-activate")) return;
  await using proxy = await startActivated();
  const { stdout, stderr } = await proxy.psql("select session_user");
  assert.equal(stdout, "app\n", stderr);
});

// security: proxy-memory-bounded
Deno.test("proxy takes no more of one side than the other takes from it at the socket that systemd passes it", async (t) => {
  if (await isMissing(t, "systemd-socket-activate")) return;
  await using folder = await temporaryFolder();
  const files = {
    "--tls-cert": authority.certificate,
    "--tls-key": authority.privateKey,
  };
  const options = ["--local-auth", "none"];
  for (const [option, text] of Object.entries(files)) {
    const path = `${folder.path}/${option}.pem`;
    await Deno.writeTextFile(path, text, { mode: 0o600 });
    options.push(option, path);
  }
  await using proxy = await startActivated(options);
  const ask = async (isClientTls: boolean, sql: string) => {
    const pair = { engine: "postgres", isClientTls } as const;
    const client = await connectClient(proxy.port, pair, authority);
    await client.introduce();
    await client.connection.write(message("Q", bytesOf(`${sql}\0`)));
    return client.connection;
  };
  const kinds = [false, true];
  const idle = await Promise.all(
    kinds.map((isTls) =>
      ask(isTls, "select repeat('x', 1000) from generate_series(1, 300000)")
    ),
  );
  const busy = await Promise.all(
    kinds.map((isTls) => ask(isTls, "select pg_sleep(60)")),
  );
  const sending = busy.map(({ stream }) => sendMuch(stream));
  await untilQuiet(() => sending.reduce((sum, { sent }) => sum + sent, 0));
  for (const client of [...idle, ...busy]) client.close();
  for (const { sent, ended } of sending) {
    assert.ok(0 < sent && sent < MOST_TAKEN, `${sent} bytes were taken`);
    await ended;
  }
  const ends = () => proxy.events().filter(({ event }) => event === "end");
  await proxy.until(() => ends().length === idle.length);
  for (const { fromUpstream } of ends()) {
    const bytes = Number(fromUpstream);
    assert.ok(0 < bytes && bytes < MOST_TAKEN, `${bytes} bytes were carried`);
  }
});

/** A proxy that is started by the first connection to its socket. */
async function startActivated(
  options: readonly string[] = [],
): Promise<ProxyProcess> {
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = free.addr;
  free.close();
  const starting = startProxy([...toApp(emulator), ...options], {}, 1, [
    "systemd-socket-activate",
    ...["-l", `127.0.0.1:${port}`],
    ...["-E", "AWS_ACCESS_KEY_ID", "-E", "AWS_SECRET_ACCESS_KEY"],
    ...["-E", "HOME", "-E", "DENO_DIR"],
  ]);
  const proxy = await knockUntil(port, starting);
  assert.equal(proxy.port, port);
  return proxy;
}

/** systemd starts the program with the first connection. */
async function knockUntil<Value>(port: number, started: Promise<Value>) {
  let isStarted = false;
  started.finally(() => isStarted = true).catch(() => {});
  while (!isStarted) {
    try {
      (await Deno.connect({ port })).close();
    } catch {
      // It does not listen yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return await started;
}

/** Asks a proxy as a container's health check does. */
function check(listen: unknown) {
  return rdsiam(["proxy", "--http", String(listen), "--check"]);
}

function connect(port: number, password: string, username: string) {
  return postgres({
    ...{ host: "127.0.0.1", port, username, password },
    ...{ database: "postgres", max: 1, onnotice: () => {} },
  });
}
