import assert from "node:assert/strict";
import pg from "pg";
import postgres from "postgres";
import { skip } from "../../programs.ts";
import { freePort, sshdIsMissing, startBastion, until } from "./bastion.ts";
import { startPrivateDatabase } from "./database.ts";
import { startProxyProcess } from "./proxy_process.ts";

Deno.test("a proxy keeps its tunnel up, and says how it is", async (t) => {
  if (sshdIsMissing()) return await skip(t, "sshd is not installed");
  await using database = await startPrivateDatabase();
  await using bastion = await startBastion();
  const http = freePort();
  await using proxy = await startProxyProcess(
    [
      ...database.through("ssh:bastion"),
      ...["--http", `127.0.0.1:${http}`, "--max-connections", "60"],
    ],
    { PATH: bastion.path },
  );
  const connect = (max = 1) =>
    postgres({
      ...{ host: "127.0.0.1", port: proxy.port, database: "postgres" },
      ...{ username: "app", password: proxy.password, max },
      onnotice: () => {},
    });
  const login = async () => {
    const client = new pg.Client({
      ...{ host: "127.0.0.1", port: proxy.port, database: "postgres" },
      ...{ user: "app", password: proxy.password },
    });
    client.on("error", () => {}); // that it ends is told to its queries, too
    await client.connect();
    return client;
  };
  const page = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${http}${path}`);
    return { status: response.status, body: await response.text() };
  };

  await t.step("nothing is opened before the first login", async () => {
    await until(() => page("/livez").then(() => true, () => false));
    assert.deepEqual(await bastion.clients(), []);
    assert.equal((await page("/readyz")).status, 200);
    assert.doesNotMatch((await page("/metrics")).body, /tunnel_up\{/);
  });

  await t.step(
    "fifty clients share one connection to the bastion",
    async () => {
      const sql = connect(50);
      const answers = await Promise.all(
        Array.from(
          { length: 50 },
          (_, index) => sql`select ${index}::int as number, pg_sleep(0.2)`,
        ),
      );
      assert.deepEqual(
        answers.map(([row]) => row?.number),
        Array.from({ length: 50 }, (_, index) => index),
      );
      assert.equal((await bastion.masters()).length, 1);
      await sql.end();
      assert.match((await page("/metrics")).body, /tunnel_up\{target=".*"\} 1/);
      await until(() => /tunnel ssh:bastion is up/.test(proxy.log()));
    },
  );

  await t.step(
    "a session on a tunnel that breaks ends with the reason, and the tunnel comes back",
    async () => {
      const client = await login();
      const ended = Promise.withResolvers<string>();
      client.on("error", (error: Error) => ended.resolve(error.message));
      await client.query("select 1");
      await bastion.dropAll();
      assert.match(await ended.promise, /^Tunnel ssh:bastion failed: /);
      await until(() => /tunnel ssh:bastion is down/.test(proxy.log()));
      await until(async () => (await bastion.masters()).length === 1);
      await until(async () => (await page("/readyz")).status === 200);
      const again = connect();
      const [row] = await again`select 42 as answer`;
      assert.equal(row?.answer, 42);
      await again.end();
    },
  );

  await t.step(
    "a query that runs when it breaks ends with the reason, too",
    async () => {
      const clients = await Promise.all([login(), login()]);
      const sleeping = Promise.all([
        // The simple protocol, and the extended one: the latter's answer has begun by then.
        clients[0].query("select pg_sleep(600)"),
        clients[1].query("select pg_sleep($1)", [600]),
      ].map((query) =>
        assert.rejects(query, /^error: Tunnel ssh:bastion failed: /)
      ));
      await database.emulator.untilActive("app", "pg_sleep");
      await bastion.dropAll();
      await sleeping;
      await until(async () => (await bastion.masters()).length === 1);
    },
  );

  await t.step("readiness says that it does not come up", async () => {
    await bastion.stop();
    await until(async () => (await page("/readyz")).status === 503);
    assert.match(
      (await page("/readyz")).body,
      /: Tunnel ssh:bastion failed: the bastion/,
    );
    assert.match((await page("/metrics")).body, /tunnel_up\{target=".*"\} 0/);
    const sql = connect();
    await assert.rejects(sql`select 1`, /Tunnel ssh:bastion failed/);
    await sql.end({ timeout: 1 });
  });
});
