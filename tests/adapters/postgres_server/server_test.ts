import assert from "node:assert/strict";
import { dirname } from "node:path";
import {
  type PostgresServer,
  startPostgresServer,
} from "../../../adapters/postgres_server/server.ts";
import { connect, connectTcp, serverPid, SUPERUSER } from "./fixture.ts";
import { run, skip } from "../../programs.ts";

const SECRET = "do-not-show-this";

let shared: PostgresServer;
const log: string[] = [];

Deno.test.beforeAll(async () => {
  shared = await startPostgresServer({
    superuser: SUPERUSER,
    onLog: (line) => void log.push(line),
  });
});

Deno.test.afterAll(() => shared.stop());

Deno.test("startPostgresServer() starts the PostgreSQL of npm, without a password on its socket", async () => {
  await using sql = connect(shared);
  const [row] = await sql`
    select current_user as role, current_setting('server_version') as version,
      current_setting('server_encoding') as encoding, current_setting('ssl') as ssl,
      current_setting('listen_addresses') as addresses, current_setting('port')::int as port`;
  assert.deepEqual({ ...row }, {
    role: SUPERUSER,
    version: shared.version,
    encoding: "UTF8",
    ssl: "off",
    addresses: "127.0.0.1",
    port: shared.port,
  });
  assert.equal(shared.version, "18.4");
  assert.equal(shared.major, 18);
});

Deno.test("startPostgresServer() closes the folder of the socket to other users", async () => {
  for (const folder of [shared.socketFolder, dirname(shared.socketFolder)]) {
    assert.equal(((await Deno.stat(folder)).mode ?? 0) & 0o777, 0o700);
  }
});

Deno.test("startPostgresServer() takes SCRAM and MD5 passwords over TCP, and nothing else", async () => {
  await using sql = connect(shared);
  await sql.unsafe("create role by_scram login password 'correct'");
  await sql.unsafe(
    "set password_encryption = md5; set md5_password_warnings = off; create role by_md5 login password 'correct'",
  );
  for (const user of ["by_scram", "by_md5"]) {
    await using good = connectTcp(shared, user, "correct");
    const [row] = await good`select current_user as role`;
    assert.equal(row?.role, user);
    await using bad = connectTcp(shared, user, "wrong");
    await assert.rejects(bad`select 1`, { code: "28P01" });
  }
  await using noPassword = connectTcp(shared, SUPERUSER, "");
  await assert.rejects(noPassword`select 1`);
});

Deno.test("startPostgresServer() lets replication connections in", async () => {
  await using sql = connect(shared);
  await sql.unsafe(
    "create role replicator login replication password 'correct'",
  );
  const options = {
    connection: { replication: "database" },
    fetch_types: false,
  };
  await using local = connect(shared, "replicator", options);
  assert.equal((await local.unsafe("IDENTIFY_SYSTEM").simple()).length, 1);
  await using remote = connectTcp(shared, "replicator", "correct", options);
  assert.equal((await remote.unsafe("IDENTIFY_SYSTEM").simple()).length, 1);
});

Deno.test("startPostgresServer() keeps statements out of the log", async () => {
  await using sql = connect(shared);
  await assert.rejects(
    sql.unsafe(`alter role no_such_role password '${SECRET}'`),
    { code: "42704" },
  );
  assert.equal(log.some((line) => line.includes(SECRET)), false);
  assert.ok(log.some((line) => line.includes("ready to accept connections")));
});

Deno.test("startPostgresServer() keeps credentials out of the server's environment", async (t) => {
  if (Deno.build.os !== "linux") return skip(t, "there is no /proc");
  const pid = await serverPid(shared);
  const { output } = await run("cat", [`/proc/${pid}/environ`]);
  const names = output.split("\0").filter(Boolean)
    .map((line) => line.slice(0, line.indexOf("=")));
  assert.ok(names.includes("LC_ALL"));
  // Which names a server gets is tested with serverProcess(); PostgreSQL sets those of its own.
  assert.deepEqual(
    names.filter((name) =>
      !/^(PATH|LC_ALL|TZ|LD_LIBRARY_PATH|PG_GRANDPARENT_PID|PGSYSCONFDIR|PGLOCALEDIR|PGDATA|PWD|OLDPWD|SHLVL|_)$/
        .test(name)
    ),
    [],
  );
});
