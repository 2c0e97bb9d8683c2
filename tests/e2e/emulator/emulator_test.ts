import assert from "node:assert/strict";
import { isMissing } from "../../programs.ts";
import {
  embeddedServer,
  type Emulator,
  psql,
  startEmulator,
} from "../emulator.ts";
import { rdsiam } from "../rdsiam.ts";

/** RDS's words for a token that it refuses, as psql shows them. */
const PAM = 'FATAL:  PAM authentication failed for user "app"';

let emulator: Emulator;

Deno.test.beforeAll(async () => {
  emulator = await startEmulator();
  await emulator.query(
    "create role app login",
    "grant rds_iam to app",
    "create role plain login password 'plain-password'",
    "create role team nologin",
    "grant rds_iam to team",
    "create role nested login noinherit password 'nested-password'",
    "grant team to nested",
  );
});

Deno.test.afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
});

/** Declares a test that needs psql. */
function psqlTest(name: string, test: () => Promise<void>) {
  Deno.test(name, async (t) => {
    if (!await isMissing(t, "psql")) await test();
  });
}

/** Logs in by psql with this password. */
function login(
  user: string,
  password: string,
  settings = "",
  ...sql: string[]
) {
  const statements = sql.length > 0 ? sql : ["select session_user"];
  return psql({ ...emulator, user, password, settings }, ...statements);
}

/** Runs psql through `rdsiam exec`. */
function exec(...args: string[]) {
  return rdsiam([
    "exec",
    ...emulator.options,
    "-U",
    "app",
    "-d",
    "postgres",
    "--",
    "psql",
    "-XAtq",
    ...args,
  ]);
}

psqlTest("exec logs psql in as the very role, over verified TLS", async () => {
  const { stdout, stderr } = await exec(
    "-c",
    "select session_user, current_user",
  );
  assert.equal(stderr, "");
  assert.equal(stdout, "app|app\n");
  assert.match(
    emulator.log(),
    /"app" to "postgres": let in: token of AKIAIOSFODNN7EXAMPLE, \d s old/,
  );
});

psqlTest("psql refuses the emulator without its CA", async () => {
  const { code, stderr } = await rdsiam([
    ...["exec", "-h", emulator.host, "--connect", emulator.listen, "-U", "app"],
    ...["--", "psql", "-c", "select 1"],
  ]);
  assert.equal(code, 2);
  assert.match(stderr, /certificate verify failed/);
});

psqlTest("a password that is no token is refused in RDS's words", async () => {
  const { code, stderr } = await login("app", "hunter2");
  assert.equal(code, 2);
  assert.ok(stderr.includes(PAM), stderr);
  await emulator.untilLogged(/InvalidToken: the password is not a token/);
  assert.ok(!emulator.log().includes("hunter2"));
});

/** Tokens that RDS would refuse, and the reason that the emulator's own log gives. */
const REFUSED: [string, string[], RegExp][] = [
  [
    "another user",
    ["-U", "other"],
    /DBUser is "other" where "app" is expected/,
  ],
  [
    "a user in other case",
    ["-U", "App"],
    /DBUser is "App" where "app" is expected/,
  ],
  [
    "another host",
    ["-h", "orders.zyxwvutsrqpo.eu-west-1.rds.amazonaws.com"],
    /it is signed for "orders\.zyx.*:5432", the endpoint is "orders\.abc.*:5432"/,
  ],
  [
    "another port",
    ["-p", "5433"],
    /it is signed for ".*:5433", the endpoint is ".*:5432"/,
  ],
  [
    "another region",
    ["--region", "us-west-2"],
    /it is signed for region "us-west-2", the database is in "eu-west-1"/,
  ],
];

for (const [what, options, reason] of REFUSED) {
  psqlTest(`a token for ${what} is refused, and the log says so`, async () => {
    const { stderr } = await login(
      "app",
      await emulator.token("app", ...options),
    );
    assert.ok(stderr.includes(PAM), stderr);
    await emulator.untilLogged(reason);
  });
}

psqlTest(
  "a token that was changed, or signed with another key, is refused",
  async () => {
    const token = await emulator.token("app");
    const changed = token.replace(
      /(?<=X-Amz-Signature=.)./,
      (digit) => digit === "0" ? "1" : "0",
    );
    const { stderr } = await login("app", changed);
    assert.ok(stderr.includes(PAM), stderr);
    await emulator.untilLogged(/the signature does not match/);
  },
);

psqlTest("without TLS nobody is let in", async () => {
  for (const user of ["app", "plain"]) {
    const { stderr } = await login(user, "x", "sslmode=disable");
    assert.match(
      stderr,
      new RegExp(
        `FATAL: {2}no pg_hba\\.conf entry for host "127\\.0\\.0\\.1", user "${user}", database "postgres", no encryption`,
      ),
    );
  }
});

psqlTest(
  "membership in rds_iam counts by any path, and beats a password",
  async () => {
    const byToken = await login("nested", await emulator.token("nested"));
    assert.equal(byToken.stdout, "nested\n");
    const byPassword = await login("nested", "nested-password");
    assert.match(
      byPassword.stderr,
      /PAM authentication failed for user "nested"/,
    );
  },
);

psqlTest(
  "a role without rds_iam logs in with its own password, and with no token",
  async () => {
    assert.equal((await login("plain", "plain-password")).stdout, "plain\n");
    const byToken = await login("plain", await emulator.token("plain"));
    assert.match(
      byToken.stderr,
      /FATAL: {2}password authentication failed for user "plain"/,
    );
    const nobody = await login("nobody", await emulator.token("nobody"));
    assert.match(
      nobody.stderr,
      /FATAL: {2}password authentication failed for user "nobody"/,
    );
  },
);

psqlTest(
  "the master is no superuser and stays free of rds_iam, though it made the user",
  async () => {
    const { username, password } = emulator.master;
    const { stdout } = await login(
      username,
      password,
      "",
      "select rolsuper from pg_roles where rolname = current_user",
    );
    assert.equal(stdout, "f\n");
  },
);

psqlTest("IAM logins cannot replicate", async () => {
  const { stderr } = await login(
    "app",
    await emulator.token("app"),
    "replication=database",
    "IDENTIFY_SYSTEM",
  );
  assert.match(
    stderr,
    /no pg_hba\.conf entry for replication connection from host "127\.0\.0\.1", user "app", SSL encryption/,
  );
});

psqlTest("errors of the real server come through", async () => {
  const { stderr } = await rdsiam([
    ...["exec", ...emulator.options, "-U", "app", "-d", "nowhere"],
    ...["--", "psql", "-c", "select 1"],
  ]);
  assert.match(stderr, /FATAL: {2}database "nowhere" does not exist/);
});

psqlTest("COPY works both ways", async () => {
  const rows = Array.from(
    { length: 20_000 },
    (_, row) => `${row}\t${"x".repeat(50)}`,
  ).join("\n");
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/rows`, `${rows}\n`);
    const { stdout, stderr } = await exec(
      ...["-c", "create temp table t (n int, text text)"],
      ...["-c", `\\copy t from '${folder}/rows'`],
      ...["-c", `\\copy (select * from t order by n) to '${folder}/copy'`],
      ...["-c", "select count(*) from t"],
    );
    assert.equal(stderr, "");
    assert.equal(stdout, "20000\n");
    assert.equal(await Deno.readTextFile(`${folder}/copy`), `${rows}\n`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("LISTEN and NOTIFY, prepared statements and large values work", async () => {
  const password = await emulator.token("app");
  const sql = emulator.connect({ username: "app", password });
  const { promise, resolve } = Promise.withResolvers<string>();
  try {
    await sql.listen("news", resolve);
    await sql.notify("news", "hello");
    assert.equal(await promise, "hello");
    const large = "x".repeat(3_000_000);
    const [row] = await sql`select ${large} as text, session_user`;
    assert.equal(row?.text, large);
    assert.equal(row?.session_user, "app");
  } finally {
    await sql.end();
  }
});

Deno.test("a query can be cancelled", async () => {
  const sql = emulator.connect({
    username: "app",
    password: await emulator.token("app"),
  });
  try {
    const [row] = await sql`select 1 as one`;
    assert.equal(row?.one, 1);
    const query = sql`select pg_sleep(600)`.execute();
    await emulator.untilActive("app", "pg_sleep");
    query.cancel();
    await assert.rejects(query, /canceling statement due to user request/);
    const [again] = await sql`select 2 as two`;
    assert.equal(again?.two, 2);
  } finally {
    await sql.end();
  }
});

Deno.test("TLS may begin directly, with ALPN postgresql alone", async () => {
  const caCerts = [await Deno.readTextFile(emulator.ca)];
  const base = { hostname: emulator.host, port: emulator.port, caCerts };
  async function answer(alpnProtocols: string[]) {
    const tcp = await Deno.connect({
      hostname: "127.0.0.1",
      port: emulator.port,
    });
    const tls = await Deno.startTls(tcp, { ...base, alpnProtocols });
    await tls.write(startupPacket("app"));
    const bytes = new Uint8Array(9);
    const count = await tls.read(bytes);
    tls.close();
    return [...bytes.subarray(0, count ?? 0)];
  }
  const cleartextPassword = ["R".charCodeAt(0), 0, 0, 0, 8, 0, 0, 0, 3];
  assert.deepEqual(await answer(["postgresql"]), cleartextPassword);
  assert.equal((await answer([]))[0], "E".charCodeAt(0));
});

/** A start-up packet of protocol 3.0 for a user. */
function startupPacket(user: string): Uint8Array {
  const body = new TextEncoder().encode(`user\0${user}\0\0`);
  const packet = new Uint8Array(8 + body.length);
  new DataView(packet.buffer).setUint32(0, packet.length);
  new DataView(packet.buffer).setUint32(4, 3 << 16);
  packet.set(body, 8);
  return packet;
}

psqlTest("--policy decides by the user's ARN", async () => {
  const file = await Deno.makeTempFile({ suffix: ".json" });
  const arn = "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-EMULATOR";
  await Deno.writeTextFile(
    file,
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [{
        Effect: "Allow",
        Action: "rds-db:connect",
        Resource: `${arn}/app`,
      }],
    }),
  );
  await using strict = await startEmulator("--policy", file);
  await Deno.remove(file);
  await strict.query(
    ...["app", "other"].flatMap((
      name,
    ) => [`create role ${name} login`, `grant rds_iam to ${name}`]),
  );
  const allowed = await psql({
    ...strict,
    user: "app",
    password: await strict.token("app"),
  }, "select 1");
  assert.equal(allowed.stdout, "1\n");
  const refused = await psql({
    ...strict,
    user: "other",
    password: await strict.token("other"),
  }, "select 1");
  assert.match(refused.stderr, /PAM authentication failed for user "other"/);
  assert.ok(
    strict.log().includes(
      `NotAuthorized: rds-db:connect on ${arn}/other: no statement allows it`,
    ),
  );
});

psqlTest(
  "--token-lifetime shortens the life of tokens, and the log tells of a clock that is off",
  async () => {
    await using brief = await startEmulator("--token-lifetime", "1");
    await brief.query("create role app login", "grant rds_iam to app");
    const password = await brief.token("app");
    let stderr = "";
    // Logs in until the token has expired.
    for (let code = 0; code === 0;) {
      ({ code, stderr } = await psql(
        { ...brief, user: "app", password },
        "select 1",
      ));
    }
    assert.ok(stderr.includes(PAM), stderr);
    assert.match(
      brief.log(),
      /ExpiredToken: it expired \d s ago: it was signed \d s ago, or the clock of its signer is behind/,
    );
  },
);

Deno.test("--admin-option-counts shuts the master out once it made an IAM user, as PostgreSQL 16 and later would", async () => {
  await using stock = await startEmulator("--admin-option-counts");
  const sql = stock.connect();
  const [row] = await sql`show server_version_num`;
  await sql.end();
  await stock.query("create role app login", "grant rds_iam to app");
  const again = stock.query("select 1");
  // Older ones make no creator a member. (The bundle runs the PostgreSQL that is installed.)
  if (Number(row?.server_version_num) < 160_000) return await again;
  await assert.rejects(again, /PAM authentication failed for user "postgres"/);
});

Deno.test("a port that is taken is named, and nothing is left running", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/ca.pem`, "of another emulator");
  const { code, stdout, stderr } = await rdsiam([
    ...["emulator", "--listen", emulator.listen, "--tls-dir", folder],
    ...await embeddedServer(),
  ]);
  const ca = await Deno.readTextFile(`${folder}/ca.pem`);
  await Deno.remove(folder, { recursive: true });
  assert.equal(ca, "of another emulator");
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(
    stderr,
    new RegExp(
      `error: Address ${emulator.listen} cannot be listened on: another program listens there\nhint: Name another with --listen`,
    ),
  );
});

Deno.test("--tls-dir gets the CA, --data is kept, and --json tells where", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.chmod(folder, 0o755);
  try {
    const options = [
      "--data",
      `${folder}/data`,
      "--tls-dir",
      `${folder}/tls`,
      "--master",
      "boss:a:b",
    ];
    {
      await using first = await startEmulator(...options);
      assert.equal(first.ca, `${folder}/tls/ca.pem`);
      assert.deepEqual(first.master, { username: "boss", password: "a:b" });
      await first.query(
        "create table kept (n int)",
        "insert into kept values (42)",
      );
    }
    await using second = await startEmulator(...options);
    const sql = second.connect();
    const [row] = await sql`select n from kept`;
    await sql.end();
    assert.equal(row?.n, 42);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
