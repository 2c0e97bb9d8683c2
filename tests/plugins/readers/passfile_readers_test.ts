import assert from "node:assert/strict";
import fc from "fast-check";
import nodePgpass from "pgpass";
import { Secret } from "../../../core/secret.ts";
import type { PureWriter, WriterEntry } from "../../../core/writer/writer.ts";
import pgpass from "../../../plugins/pgpass.ts";
import pgpassRaw from "../../../plugins/pgpass_raw.ts";
import {
  temporaryFolder,
  withEnvironment,
} from "../../adapters/temporary_folder.ts";
import { isMissing, run, skip } from "../../programs.ts";
import { entry, field } from "../entries.ts";
import { LoginRecorder } from "./login_recorder.ts";
import { PassfileReader, type ReaderLogin } from "./passfile_reader.ts";
import { anyCharacter } from "../../any_character.ts";

const PYTHON = "/usr/bin/python3";
const JDBC = "/usr/share/java/postgresql.jar";
const PROGRAMS = new URL("../../testdata/passfile/", import.meta.url).pathname;
const JAVA = ["java", "-cp", JDBC, `${PROGRAMS}Reader.java`] as const;

function python(module: string) {
  return [PYTHON, `${PROGRAMS}reader.py`, module] as const;
}

/** Lines that would be read first, were ours put below them; and some that no reader should mind. */
const THEIRS = "# mine\n*:*:*:*:theirs\n\nother:5432:db:me:theirs";

/** How many entries a file holds: a reader goes through all of it for each login. */
const FILE_SIZE = 100;

/** A token's characters, at a length that tokens may have. */
const tokenLike = fc.string({
  unit: fc.constantFrom(..."0123456789abcdefXYZ%/?&=:-_.~"),
  minLength: 300,
  maxLength: 2000,
  size: "max",
}).map((text) => `db.x.eu-west-1.rds.amazonaws.com:5432/?${text}`);

const long = fc.string({ unit: anyCharacter, maxLength: 2000, size: "max" })
  .filter((text) => text !== "" && !/[\r\n\0]/.test(text));

const password = fc.oneof(
  { weight: 20, arbitrary: field },
  { weight: 2, arbitrary: tokenLike },
  { weight: 1, arbitrary: long },
);

/** Entries of random fields that differ in their user, which is what `host` and `port` do not have to do. */
function randomEntries(
  count: number,
  port: number,
  { host, text = field }: {
    host: fc.Arbitrary<string>;
    text?: fc.Arbitrary<string>;
  },
): WriterEntry[] {
  const made = fc.record({ host, username: text, database: text, password });
  return fc.sample(made, count).map(({ username, password, ...rest }, number) =>
    entry(`target ${number}`, {
      ...rest,
      username: `${username}${number}`,
      // Half of them through a tunnel, whose port is what clients dial.
      ...(number % 2 ? { port } : { connect: { host: "127.0.0.1", port } }),
      password: new Secret(password),
    })
  );
}

/** Writes the entries to files of {@linkcode FILE_SIZE}, and gives a login for each. */
async function writeFiles(
  folder: string,
  writer: PureWriter,
  entries: readonly WriterEntry[],
  { port, theirs = THEIRS }: { port: number; theirs?: string },
): Promise<ReaderLogin[]> {
  const logins: ReaderLogin[] = [];
  for (let start = 0; start < entries.length; start += FILE_SIZE) {
    const passfile = `${folder}/passfile-${start}`;
    const some = entries.slice(start, start + FILE_SIZE);
    const { newText } = writer.render(some, theirs);
    await Deno.writeTextFile(passfile, newText, { mode: 0o600 });
    for (const entry of some) {
      const number = String(logins.length);
      logins.push({ passfile, host: entry.host, port, entry, number });
    }
  }
  return logins;
}

function assertRecorded(
  { logins }: LoginRecorder,
  expected: readonly ReaderLogin[],
  answers: readonly string[],
) {
  for (const [index, { entry, number }] of expected.entries()) {
    const { username, database, password } = entry;
    assert.deepEqual(logins.get(number), {
      username,
      database,
      password: password.reveal(),
    }, answers[index]);
  }
  assert.equal(logins.size, expected.length);
}

/** libpq takes a comma for the end of a host. */
const anyHost = field.map((text) => `${text.replaceAll(",", ";")}.db`);
const loopback = fc.constantFrom("127.0.0.1", "localhost");

async function hasModule(t: Deno.TestContext, module: string) {
  const { code } = await run(PYTHON, ["-c", `import ${module}`])
    .catch(() => ({ code: 1 }));
  if (code === 0) return true;
  await skip(t, `python3-${module} is not installed`);
  return false;
}

async function hasJdbc(t: Deno.TestContext) {
  if (await isMissing(t, "javac")) return false;
  try {
    await Deno.stat(JDBC);
    return true;
  } catch {
    await skip(t, "libpostgresql-jdbc-java is not installed");
    return false;
  }
}

for (
  const [module, count] of [["psycopg2", 4000], ["psycopg", 200]] as const
) {
  Deno.test(`libpq under ${module} receives the very passwords that pgpass wrote, ${count} of them`, async (t) => {
    if (!await hasModule(t, module)) return;
    await using folder = await temporaryFolder();
    await using recorder = new LoginRecorder();
    const { port } = recorder;
    const entries = randomEntries(count, port, { host: anyHost });
    const logins = await writeFiles(folder.path, pgpass(), entries, { port });
    await using reader = new PassfileReader(python(module));
    assertRecorded(recorder, logins, await reader.logIn(logins));
  });
}

Deno.test("psql receives the very passwords that pgpass wrote", async (t) => {
  if (await isMissing(t, "psql")) return;
  await using folder = await temporaryFolder();
  await using recorder = new LoginRecorder();
  const { port } = recorder;
  const entries = randomEntries(40, port, { host: anyHost });
  const writer = pgpass({ database: "own" });
  const logins = await writeFiles(folder.path, writer, entries, { port });
  const answers: string[] = [];
  for (const { passfile, host, entry, number } of logins) {
    const { output } = await run("psql", ["-c", "select 1"], {
      PGPASSFILE: passfile,
      PGHOST: host,
      PGHOSTADDR: "127.0.0.1",
      PGPORT: String(port),
      PGDATABASE: entry.database,
      PGUSER: entry.username,
      PGAPPNAME: number,
      PGSSLMODE: "disable",
    });
    answers.push(output);
  }
  assertRecorded(recorder, logins, answers);
});

Deno.test("JDBC receives the very passwords that pgpass wrote", async (t) => {
  if (!await hasJdbc(t)) return;
  await using folder = await temporaryFolder();
  await using recorder = new LoginRecorder();
  const { port } = recorder;
  const entries = randomEntries(300, port, { host: loopback });
  const logins = await writeFiles(folder.path, pgpass(), entries, { port });
  await using reader = new PassfileReader(JAVA);
  assertRecorded(recorder, logins, await reader.logIn(logins));
});

Deno.test("asyncpg receives the very passwords that pgpass-raw wrote", async (t) => {
  if (!await hasModule(t, "asyncpg")) return;
  await using folder = await temporaryFolder();
  await using recorder = new LoginRecorder();
  const { port } = recorder;
  const writer = pgpassRaw();
  const text = field.filter((text) => !/[:\p{C}]/u.test(text));
  // asyncpg sends no password beyond ASCII.
  const entries = randomEntries(1_500, port, { host: loopback, text }).filter(
    (entry) =>
      /^[ -~]+$/.test(entry.password.reveal()) && isWritable(writer, entry),
  );
  assert.ok(entries.length > 150);
  const logins = await writeFiles(folder.path, writer, entries, { port });
  await using reader = new PassfileReader(python("asyncpg"));
  assertRecorded(recorder, logins, await reader.logIn(logins));
});

/** What node-postgres takes for the password of a login. */
async function nodePassword(login: ReaderLogin): Promise<string | undefined> {
  const { passfile, host, port, entry: { database, username: user } } = login;
  using _environment = withEnvironment({
    PGPASSFILE: passfile,
    PGPASSWORD: undefined,
  });
  return await new Promise((resolve) =>
    nodePgpass({ host, port, database, user }, resolve)
  );
}

Deno.test("node-postgres finds the very passwords that pgpass wrote", async () => {
  await using folder = await temporaryFolder();
  const port = 5432;
  const entries = randomEntries(300, port, { host: loopback });
  // Of all lines that match it may take the last, so none of theirs may.
  const theirs = "# mine\nother:5432:db:me:theirs\n";
  const logins = await writeFiles(folder.path, pgpass(), entries, {
    port,
    theirs,
  });
  for (const login of logins) {
    assert.equal(await nodePassword(login), login.entry.password.reveal());
  }
});

Deno.test("A new connection of libpq, JDBC and node-postgres sees the renewed token", async (t) => {
  if (!await hasModule(t, "psycopg2") || !await hasJdbc(t)) return;
  await using folder = await temporaryFolder();
  await using recorder = new LoginRecorder();
  const { port } = recorder;
  await using libpq = new PassfileReader(python("psycopg2"));
  await using jdbc = new PassfileReader(JAVA);
  const writer = pgpass();
  const passfile = `${folder.path}/passfile`;
  let text = "";
  for (const token of ["db:5432/?first", "db:5432/?second"]) {
    const renewed = entry("orders", {
      connect: { host: "127.0.0.1", port },
      password: new Secret(token),
    });
    text = writer.render([renewed], text).newText;
    await Deno.writeTextFile(`${passfile}.new`, text, { mode: 0o600 });
    await Deno.rename(`${passfile}.new`, passfile);
    const login = { passfile, host: "localhost", port, entry: renewed };
    await libpq.logIn([{ ...login, host: renewed.host, number: "libpq" }]);
    await jdbc.logIn([{ ...login, number: "jdbc" }]);
    assert.deepEqual(
      ["libpq", "jdbc"].map((name) => recorder.logins.get(name)?.password),
      [token, token],
    );
    assert.equal(await nodePassword({ ...login, number: "node" }), token);
  }
});

function isWritable(writer: PureWriter, entry: WriterEntry): boolean {
  try {
    writer.render([entry], "");
    return true;
  } catch {
    return false;
  }
}
