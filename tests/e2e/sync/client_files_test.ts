/** What the writers of clients' files write, read by what those clients connect with. */
import assert from "node:assert/strict";
import { formatPassfileLine } from "../../../core/passfile/line.ts";
import { Secret } from "../../../core/secret.ts";
import { targetName } from "../../../core/target/target.ts";
import type {
  WriterEntry,
  WriterFactory,
  WriterOption,
} from "../../../core/writer/writer.ts";
import datagrip from "../../../plugins/datagrip.ts";
import datagripLocal from "../../../plugins/datagrip_local.ts";
import dbeaver from "../../../plugins/dbeaver.ts";
import pgService from "../../../plugins/pg_service.ts";
import pgadmin from "../../../plugins/pgadmin.ts";
import sqltools from "../../../plugins/sqltools.ts";
import { fakeTarget } from "../../fakes.ts";
import { isMissing, skip } from "../../programs.ts";
import { type Emulator, startEmulator } from "../emulator.ts";
import { KEY, RDSIAM, run } from "../rdsiam.ts";

const PYTHON = "/usr/bin/python3"; // Debian's, which Debian's psycopg is for
const JDBC = "/usr/share/java/postgresql.jar";

/** A user name that has to be quoted or escaped in most formats. */
const USER = "jane.doe+o'neil & co@example.com";

let emulator: Emulator;
let folder: string;
let entry: WriterEntry;

Deno.test.beforeAll(async () => {
  emulator = await startEmulator();
  await emulator.query(
    `create role "${USER}" login`,
    `grant rds_iam to "${USER}"`,
  );
  folder = await Deno.makeTempDir();
  const passfile = `${folder}/.pgpass`;
  const { host, port, ca } = emulator;
  const password = new Secret(await emulator.token(USER));
  const target = fakeTarget({ host, username: USER, database: "postgres" });
  entry = {
    name: targetName(target),
    engine: "postgres",
    host,
    port: target.port,
    connect: { host: "127.0.0.1", port },
    username: USER,
    database: "postgres",
    sslmode: "verify-full",
    sslrootcert: ca,
    passfile,
    rdsiam: RDSIAM,
    password: new Secret(""),
    expiresAt: 0,
  };
  const lines = [host, "127.0.0.1"].map((host) =>
    formatPassfileLine({ host, port, database: "*", username: USER, password })
  );
  await Deno.writeTextFile(passfile, lines.join("\n"), { mode: 0o600 });
});

Deno.test.afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});

/** Writes a client's file and gives its path. */
async function write(
  factory: WriterFactory,
  options: Record<string, WriterOption> = {},
  changes: Partial<WriterEntry> = {},
): Promise<string> {
  const writer = factory(options);
  const path = `${folder}/${writer.name}`;
  const { newText } = await writer.render([{ ...entry, ...changes }], "");
  await Deno.writeTextFile(path, newText);
  return path;
}

async function assertLogsIn(
  command: readonly [string, ...string[]],
  env: Record<string, string> = {},
) {
  const { stdout, stderr } = await run(command, { env });
  assert.equal(stdout, `${USER}\n`, stderr);
}

/** Logs in with pgjdbc, which finds the password in the passfile. */
async function assertJdbcLogsIn(
  url: string,
  properties: Record<string, string>,
) {
  const program = new URL("../../testdata/JdbcLogin.java", import.meta.url);
  await assertLogsIn([
    "java",
    `-Dorg.postgresql.pgpassfile=${entry.passfile}`,
    "-cp",
    JDBC,
    program.pathname,
    url,
    ...Object.entries(properties).map(([name, value]) => `${name}=${value}`),
  ]);
}

async function isJdbcMissing(t: Deno.TestContext): Promise<boolean> {
  if (await isMissing(t, "javac")) return true;
  const isThere = await Deno.stat(JDBC).then(() => true, () => false);
  if (!isThere) await skip(t, "libpostgresql-jdbc-java is not installed");
  return !isThere;
}

async function isPsycopgMissing(t: Deno.TestContext): Promise<boolean> {
  const { code } = await run([PYTHON, "-c", "import psycopg"])
    .catch(() => ({ code: 1 }));
  if (code !== 0) await skip(t, "python3-psycopg is not installed");
  return code !== 0;
}

function testdata(name: string): string {
  return new URL(`../../testdata/${name}`, import.meta.url).pathname;
}

Deno.test("psql logs in with a service of pg-service", async (t) => {
  if (await isMissing(t, "psql")) return;
  const PGSERVICEFILE = await write(pgService, {}, { name: "my orders" });
  await assertLogsIn(
    ["psql", "-XAtq", "-d", "service='my orders'", "-c", "select session_user"],
    { PGSERVICEFILE },
  );
});

Deno.test("psycopg logs in with a server of pgadmin, by passfile and by command", async (t) => {
  if (await isPsycopgMissing(t)) return;
  const program = testdata("pgadmin_login.py");
  await assertLogsIn([PYTHON, program, await write(pgadmin)]);
  // The command signs for the endpoint's own port.
  const path = await write(pgadmin, { login: "command" });
  await assertLogsIn([PYTHON, program, path], KEY);
});

Deno.test("pgjdbc logs in with a data source of datagrip, as python's XML parser reads it", async (t) => {
  if (await isJdbcMissing(t)) return;
  const { stdout, stderr } = await run([
    PYTHON,
    testdata("data_source.py"),
    await write(datagrip),
    await write(datagripLocal),
  ]);
  const [url = "", user = ""] = stdout.split("\n");
  assert.equal(user, USER, stderr);
  await assertJdbcLogsIn(url, { user });
});

Deno.test("pgjdbc logs in with a connection of dbeaver, as DBeaver hands it over", async (t) => {
  if (await isJdbcMissing(t)) return;
  const text = await Deno.readTextFile(await write(dbeaver));
  const [connection] = Object.values<
    { configuration: Record<string, string> }
  >(JSON.parse(text).connections);
  assert.ok(connection !== undefined);
  const { url = "", user = "", handlers } = connection.configuration;
  const { properties } =
    (handlers as unknown as Record<string, Record<string, unknown>>)
      .postgre_ssl as { properties: Record<string, string> };
  await assertJdbcLogsIn(url, {
    user,
    ssl: "true",
    sslmode: properties.sslMode ?? "",
    sslrootcert: properties["ssl.ca.cert"] ?? "",
  });
});

Deno.test("node's pg logs in with a connection of sqltools, and checks the endpoint's name", async () => {
  const command = [
    Deno.execPath(),
    "run",
    "--no-prompt",
    "--allow-net",
    "--allow-env",
    "--allow-read",
    "--allow-sys",
    "--allow-write",
    testdata("sqltools_login.ts"),
  ] as const;
  const env = { PGPASSFILE: entry.passfile };
  await assertLogsIn([...command, await write(sqltools)], env);
  const wrong = await write(sqltools, {}, { host: "other.example.com" });
  const { stdout, stderr } = await run([...command, wrong], { env });
  assert.equal(stdout, "");
  assert.match(stderr, /Hostname\/IP does not match certificate's altnames/);
});
