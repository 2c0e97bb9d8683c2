import assert from "node:assert/strict";
import postgres from "postgres";
import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { isMissing, skip } from "../../programs.ts";
import { type Emulator, startEmulator } from "../emulator.ts";
import { pgClient, type PgNotification, pgPool } from "./node_postgres.ts";
import { type ProxyProcess, startProxy, toApp } from "./proxy.ts";
import { run } from "../rdsiam.ts";

/** A server of the same version as the programs: pg_dump refuses a newer one. */
const SERVER = "/usr/lib/postgresql/15";
const JDBC = "/usr/share/java/postgresql.jar";
const CLIENT = new URL("../../testdata/proxy/Client.java", import.meta.url);

let emulator: Emulator | undefined;
let proxy: ProxyProcess | undefined;

Deno.test.beforeAll(async () => {
  if (!await exists(SERVER)) return;
  emulator = await startEmulator("--postgres", SERVER);
  await emulator.query(
    "create role app login",
    "grant rds_iam to app",
    "grant create on schema public to app",
  );
  proxy = await startProxy(toApp(emulator));
});

Deno.test.afterAll(async () => {
  await proxy?.[Symbol.asyncDispose]();
  await emulator?.[Symbol.asyncDispose]();
});

/** Declares a test of a client through the proxy. */
function clientTest(
  name: string,
  programs: readonly string[],
  test: (
    login: { host: string; port: number; user: string; password: string },
    ask: (program: string, ...args: string[]) => Promise<string>,
  ) => Promise<void>,
) {
  Deno.test(name, async (t) => {
    if (proxy === undefined) return await skip(t, `${SERVER} is missing`);
    for (const program of programs) {
      if (await isMissing(t, program)) return;
      if (program === "java" && !await exists(JDBC)) {
        return await skip(t, `${JDBC} is missing`);
      }
    }
    const { port, password } = proxy;
    const login = { host: "127.0.0.1", port, user: "app", password };
    await test(login, async (program, ...args) => {
      const { code, stdout, stderr } = await run([program, ...args], {
        env: {
          PGHOST: login.host,
          PGPORT: `${port}`,
          PGUSER: "app",
          PGPASSWORD: password,
          PGDATABASE: "postgres",
        },
      });
      return code === 0 ? stdout : stderr;
    });
  });
}

clientTest(
  "pgbench runs through proxy in each protocol, and with a connection for each transaction",
  ["pgbench"],
  async (_login, ask) => {
    await ask("pgbench", "-i", "-q", "-s", "1");
    for (const mode of ["simple", "extended", "prepared"]) {
      const report = await ask(
        "pgbench",
        "-n",
        "-M",
        mode,
        "-c",
        "4",
        "-t",
        "25",
      );
      assert.match(report, /processed: 100\/100/);
      assert.match(report, /failed transactions: 0 /);
    }
    const report = await ask("pgbench", "-n", "-S", "-C", "-c", "4", "-t", "5");
    assert.match(report, /processed: 20\/20/);
  },
);

clientTest(
  "pg_dump -j4 and pg_restore -j4 go through proxy, and bring everything back",
  ["pg_dump", "pg_restore", "psql"],
  async (_login, ask) => {
    await using folder = await temporaryFolder();
    await ask(
      ...["psql", "-Xq", "-c", "drop table if exists dumped", "-c"] as const,
      "create table dumped as select n, repeat(md5(n::text), 20) as text from generate_series(1, 20000) n",
    );
    const sum = [
      "psql",
      "-XAtc",
      "select count(*), md5(string_agg(text, '' order by n)) from dumped",
    ] as const;
    const before = await ask(...sum);
    const dump = `${folder.path}/dump`;
    assert.equal(
      await ask("pg_dump", "-Fd", "-j4", "-t", "dumped", "-f", dump),
      "",
    );
    await ask("psql", "-Xqc", "drop table dumped");
    assert.equal(await ask("pg_restore", "-j4", "-d", "postgres", dump), "");
    assert.equal(await ask(...sum), before);
    assert.match(before, /^20000\|/);
  },
);

clientTest(
  "COPY goes through proxy both ways, byte for byte",
  ["psql"],
  async (_login, ask) => {
    await using folder = await temporaryFolder();
    const file = `${folder.path}/rows`;
    const rows =
      "select n, repeat(md5(n::text), 30) from generate_series(1, 30000) n";
    await ask("psql", "-Xqc", `\\copy (${rows}) to '${file}'`);
    const { size } = await Deno.stat(file);
    assert.ok(size > 28_000_000);
    await ask(
      ...[
        "psql",
        "-Xq",
        "-c",
        "create table copied (n int, text text)",
      ] as const,
      ...["-c", `\\copy copied from '${file}'`] as const,
    );
    const again = `${folder.path}/again`;
    await ask("psql", "-Xqc", `\\copy copied to '${again}'`);
    assert.equal((await run(["cmp", file, again])).code, 0);
  },
);

clientTest(
  "LISTEN hears through proxy what others NOTIFY, and from which process",
  [],
  async (login) => {
    const listener = pgClient({ ...login, database: "postgres" });
    await listener.connect();
    const heard = Promise.withResolvers<PgNotification>();
    listener.on("notification", heard.resolve);
    await listener.query("listen news");
    const { rows: [row] } = await listener.query(
      "select pg_backend_pid() as pid, pg_notify('news', 'héllo')",
    );
    const { channel, payload, processId } = await heard.promise;
    assert.deepEqual([channel, payload, processId], [
      "news",
      "héllo",
      row?.pid,
    ]);
    await listener.end();
  },
);

clientTest(
  "node-postgres pools, prepares and streams errors through proxy",
  [],
  async (login) => {
    const pool = pgPool({ ...login, database: "postgres" }, 4);
    const numbers = await Promise.all(
      Array.from({ length: 40 }, async (_, n) => {
        const { rows: [row] } = await pool.query({
          name: "twice",
          text: "select $1::int * 2 as twice",
          values: [n],
        });
        return row?.twice;
      }),
    );
    assert.deepEqual(numbers, Array.from({ length: 40 }, (_, n) => n * 2));
    await assert.rejects(
      pool.query("select 1/0"),
      { code: "22012" },
    );
    await pool.end();
  },
);

clientTest(
  "Postgres.js pipelines, streams large rows and cancels through proxy",
  [],
  async ({ user: username, ...login }) => {
    const sql = postgres({ ...login, username, database: "postgres", max: 2 });
    const [{ length } = { length: 0 }] = await sql`
      select length(repeat('x', 50000000)) as length, repeat('x', 50000000) as text`;
    assert.equal(length, 50_000_000);
    const query = sql`select pg_sleep(60)`.execute();
    setTimeout(() => query.cancel(), 300);
    await assert.rejects(
      query,
      { code: "57014" },
    );
    await sql.end();
  },
);

clientTest(
  "pgjdbc prepares and cancels through proxy",
  ["java"],
  async ({ host, port, user, password }) => {
    const url = `jdbc:postgresql://${host}:${port}/postgres`;
    const { stdout, stderr } = await run([
      ...["java", "-cp", JDBC, CLIENT.pathname] as const,
      ...[url, user, password],
    ]);
    assert.equal(stderr, "");
    assert.equal(
      stdout,
      `${Array.from({ length: 10 }, (_, n) => `app${n}`).join(" ")} 57014`,
    );
  },
);

clientTest(
  "psql hears of a value of 1 GB what it hears directly",
  ["psql"],
  async (_login, ask) => {
    assert.match(
      await ask("psql", "-XAtc", "select repeat('x', 1073741824)"),
      /^ERROR: {2}(invalid memory alloc request size|requested length too large)/,
    );
  },
);

clientTest(
  "pg_basebackup is refused through proxy in the database's own words",
  ["pg_basebackup"],
  async (_login, ask) => {
    await using folder = await temporaryFolder();
    assert.match(
      await ask("pg_basebackup", "-D", `${folder.path}/backup`),
      /FATAL: {2}no pg_hba.conf entry for replication connection from host .*, user "app", SSL encryption/,
    );
  },
);

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
