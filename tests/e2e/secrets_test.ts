import assert from "node:assert/strict";
import { awsConfig } from "./aws_config.ts";
import { startEmulator } from "./emulator.ts";
import { commandLines } from "./process_tree.ts";
import { isMissing } from "../programs.ts";
import { environment, KEY, RDSIAM, rdsiam, type Result } from "./rdsiam.ts";

/** What must never be seen but where it is handed over. */
const SECRETS = [
  KEY.AWS_SECRET_ACCESS_KEY,
  "hunter2",
  "IQoJb3JpZ2luX2VjEJr",
];

/** What gives a token away: its signature. */
const SIGNATURE = /X-Amz-Signature=[0-9a-f]{8}/;

const HOST = "orders.abcdefghijkl.eu-west-1.rds.amazonaws.com";

function assertNoSecret(text: string, where: string) {
  for (const secret of SECRETS) {
    assert.ok(!text.includes(secret), `${where} shows a secret`);
  }
  assert.ok(!SIGNATURE.test(text), `${where} shows a token`);
}

/** Runs of every command with secrets all around, none of them on the command line. */
const RUNS: [string, string[]][] = [
  ["token", ["token", "-h", HOST, "-U", "app"]],
  ["token --json", ["token", "-h", HOST, "-U", "app", "--json"]],
  ["rds", [
    "rds",
    "generate-db-auth-token",
    "--hostname",
    HOST,
    "--port",
    "5432",
    "--username",
    "app",
  ]],
  ["exec", ["exec", "-h", HOST, "-U", "app", "--", "true"]],
  ["exec --via password", [
    "exec",
    "-h",
    HOST,
    "-U",
    "app",
    "--via",
    "password",
    "--",
    "true",
  ]],
  ["exec of nothing", [
    "exec",
    "-h",
    HOST,
    "-U",
    "app",
    "--",
    "no-such-program",
  ]],
  ["a target that is refused", ["token", "-h", "localhost", "-U", "app"]],
  ["a role that cannot be assumed", [
    "token",
    "-h",
    HOST,
    "-U",
    "app",
    "--role-arn",
    "arn:aws:iam::123456789012:role/x",
  ]],
];

for (const [name, args] of RUNS) {
  for (const verbosity of ["--quiet", "--verbose"]) {
    // security: nothing-secret-shown
    Deno.test(`${name} ${verbosity} shows no secret on stderr, debugging included`, async () => {
      const [end, rest] = args.includes("--")
        ? [args.indexOf("--"), true]
        : [args.length, false];
      const line = [
        ...args.slice(0, end),
        verbosity,
        ...(rest ? args.slice(end) : []),
      ];
      const { stderr } = await rdsiam(line, {
        env: {
          AWS_SESSION_TOKEN: "IQoJb3JpZ2luX2VjEJr",
          PGPASSWORD: "hunter2",
          RDSIAM_DEBUG: "1",
          // Nothing answers there: the call to STS fails at once.
          AWS_ENDPOINT_URL_STS: "http://127.0.0.1:9",
          AWS_MAX_ATTEMPTS: "1",
        },
      });
      assertNoSecret(stderr, name);
    });
  }
}

Deno.test("a credential_process that prints and holds secrets shows none in its error", async () => {
  await using config = await awsConfig(
    "[profile p]\ncredential_process = sh -c 'echo hunter2 >&2; exit 1' IQoJb3JpZ2luX2VjEJr\n",
  );
  const { code, stderr } = await rdsiam(
    ["token", "-h", HOST, "-U", "app", "--profile", "p", "--verbose"],
    config,
  );
  assert.equal(code, 3);
  assertNoSecret(stderr, "the error");
});

// security: nothing-secret-shown
Deno.test("no process shows a token while exec runs its child", async (t) => {
  if (await isMissing(t, "ps")) return;
  for (const via of ["passfile", "password"]) {
    const [program, ...args] = RDSIAM;
    const child = new Deno.Command(program, {
      args: [
        ...args,
        "exec",
        "-h",
        HOST,
        "-U",
        "app",
        "--via",
        via,
        "--",
        "sh",
        "-c",
        "echo up; read line",
      ],
      env: environment(KEY),
      clearEnv: true,
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    const lines = await commandLines(child.pid);
    assert.match(lines, /echo up; read line/);
    assertNoSecret(lines, "ps");
    await child.stdin.close();
    await child.status;
    await reader.cancel();
  }
});

Deno.test("the emulator's log and processes show no password and no token", async (t) => {
  if (await isMissing(t, "ps")) return;
  await using emulator = await startEmulator("--verbose");
  const { username, password } = emulator.master;
  await emulator.query(
    "create role app login",
    "grant rds_iam to app",
    "create role plain login password 'hunter2'",
  );
  const logins: [string, string][] = [
    ["app", await emulator.token("app")],
    ["app", await emulator.token("app", "-p", "1234")],
    ["app", "hunter2"],
    ["plain", "hunter2"],
    ["plain", await emulator.token("plain")],
    [username, "hunter2"],
  ];
  const lines = await commandLines(emulator.pid);
  assert.match(lines, /postgres/);
  for (const [username, password] of logins) {
    const sql = emulator.connect({ username, password });
    await sql`select 1`.catch(() => {});
    await sql.end();
  }
  await emulator.untilLogged(/let in/);
  for (const text of [emulator.log(), lines]) {
    assertNoSecret(text, "the emulator");
    assert.ok(!text.includes(password));
  }
});

// security: nothing-secret-shown admin-password
Deno.test("setup-db, grant and revoke show no password and no token, whatever happens", async () => {
  await using emulator = await startEmulator();
  const { username, password } = emulator.master;
  const common = [
    ...emulator.options,
    "-U",
    "app",
    "-d",
    "postgres",
    "--admin-username",
    username,
  ];
  const runs: [string[], Record<string, string>][] = [
    [["setup-db", "--grant-public-crud"], { PGPASSWORD: password }],
    [["setup-db", "--grant-public-crud", "--json"], { PGPASSWORD: password }],
    [["setup-db", "--dry-run"], { PGPASSWORD: "hunter2" }],
    [["setup-db", "--admin-iam"], { PGPASSWORD: "hunter2" }],
    [["grant", "--preset", "readonly"], { PGPASSWORD: password }],
    [["grant", "--privileges", "NONSENSE", "--tables", "x"], {
      PGPASSWORD: password,
    }],
    [["revoke", "--drop-role"], { PGPASSWORD: password }],
    [[
      "setup-db",
      "--admin-url",
      `postgres://${username}:hunter2@${emulator.host}/postgres`,
    ], {}],
  ];
  for (const [[command = "", ...rest], env] of runs) {
    const { stdout, stderr } = await rdsiam(
      [command, ...common, ...rest, "--verbose"],
      { env: { RDSIAM_DEBUG: "1", ...env } },
    );
    assertNoSecret(stdout + stderr, command);
    assert.ok(
      !(stdout + stderr).includes(password),
      `${command} shows the password`,
    );
  }
});

// What the helpers of this file would find if it were there.
Deno.test("assertNoSecret() finds a token and a key", () => {
  assert.throws(() =>
    assertNoSecret(`&X-Amz-Signature=${"0".repeat(64)}`, "it")
  );
  assert.throws(() => assertNoSecret(KEY.AWS_SECRET_ACCESS_KEY, "it"));
  const result: Result = { code: 0, stdout: "", stderr: "fine" };
  assertNoSecret(result.stderr, "it");
});
