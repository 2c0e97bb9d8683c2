import assert from "node:assert/strict";
import { awsConfig, denoDir } from "./aws_config.ts";
import { environment, KEY, RDSIAM, rdsiam, run } from "./rdsiam.ts";

const HOST = "orders.abcdefghijkl.eu-west-1.rds.amazonaws.com";
const TARGET = ["-h", HOST, "-U", "app"];
const TOKEN = new RegExp(
  `^${HOST}:5432/\\?Action=connect&DBUser=app&X-Amz-Algorithm=[^\\n]*&X-Amz-SignedHeaders=host$`,
);

Deno.test("token prints a token and a newline, and nothing on stderr", async () => {
  const { code, stdout, stderr } = await rdsiam(["token", ...TARGET]);
  assert.equal(stderr, "");
  assert.equal(code, 0);
  assert.ok(stdout.endsWith("host\n"));
  assert.match(stdout.trimEnd(), TOKEN);
});

Deno.test("token --no-newline prints the token alone", async () => {
  const { stdout } = await rdsiam(["token", ...TARGET, "--no-newline"]);
  assert.match(stdout, TOKEN);
});

Deno.test({
  name: "token says what is wrong when its output cannot be written",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const [program, ...args] = RDSIAM;
    const command = [program, ...args, "token", ...TARGET];
    const { code, stderr } = await run(
      ["sh", "-c", '"$@" > /dev/full', "sh", ...command],
      { env: KEY },
    );
    assert.match(stderr, /^error: Output cannot be written: No space left /);
    assert.match(
      stderr,
      /\nhint: Check the file or the program that it goes to\n$/,
    );
    assert.equal(code, 1);
  },
});

Deno.test("token --json tells for what and for how long", async () => {
  const { stdout } = await rdsiam(["token", ...TARGET, "--json"]);
  const { token, issuedAt, expiresAt, ...rest } = JSON.parse(stdout);
  assert.match(token, TOKEN);
  assert.equal(Date.parse(expiresAt) - Date.parse(issuedAt), 900_000);
  assert.deepEqual(rest, {
    host: HOST,
    port: 5432,
    username: "app",
    region: "eu-west-1",
  });
});

Deno.test("token --json ends with the credentials, if that is sooner", async () => {
  const end = new Date(Date.now() + 120_000).toISOString();
  const { stdout } = await rdsiam(["token", ...TARGET, "--json"], {
    env: { AWS_SESSION_TOKEN: "session", AWS_CREDENTIAL_EXPIRATION: end },
  });
  assert.equal(JSON.parse(stdout).expiresAt, end);
});

Deno.test("token --format env gives lines that a shell reads back", async () => {
  const { stdout } = await rdsiam([
    "token",
    ...TARGET,
    "-d",
    "it's; $(touch x)",
    "--format",
    "env",
  ]);
  const script = `${stdout}printf '%s|' "$PGHOST" "$PGDATABASE" "$PGPASSWORD"`;
  const shell = await run(["sh", "-c", script]);
  const [host, database, password] = shell.stdout.split("|");
  assert.equal(host, HOST);
  assert.equal(database, "it's; $(touch x)");
  assert.match(password ?? "", TOKEN);
});

Deno.test("token --format url percent-encodes the token", async () => {
  const { stdout } = await rdsiam([
    "token",
    ...TARGET,
    "--format",
    "url",
    "--connect",
    "localhost:6543",
  ]);
  const url = new URL(stdout);
  assert.match(decodeURIComponent(url.password), TOKEN);
  assert.equal(url.hostname, HOST);
  assert.equal(url.port, "6543");
  assert.equal(url.searchParams.get("hostaddr"), "127.0.0.1");
  assert.equal(url.searchParams.get("sslmode"), "verify-full");
});

Deno.test("token works with a bare environment, as under a dock", async () => {
  const [program, ...args] = RDSIAM;
  const { stdout, success } = await new Deno.Command(program, {
    args: [...args, "token", ...TARGET],
    clearEnv: true,
    env: { ...KEY, DENO_DIR: environment().DENO_DIR ?? await denoDir() },
    stdin: "null",
  }).output();
  assert.ok(success);
  assert.match(new TextDecoder().decode(stdout).trimEnd(), TOKEN);
});

Deno.test("rds generate-db-auth-token takes the AWS CLI's words", async () => {
  const { stdout, stderr } = await rdsiam([
    ...["rds", "generate-db-auth-token", "--hostname", HOST, "--port", "5432"],
    ...["--region", "eu-west-1", "--username", "app"],
  ]);
  assert.equal(stderr, "");
  assert.match(stdout.trimEnd(), TOKEN);
});

Deno.test("token reads a profile", async () => {
  await using config = await awsConfig(
    "[profile prod]\naws_access_key_id = AKIAPROD\naws_secret_access_key = x\n",
  );
  const { stdout } = await rdsiam(
    ["token", ...TARGET, "--profile", "prod"],
    config,
  );
  assert.match(stdout, /X-Amz-Credential=AKIAPROD%2F/);
});

/** What goes wrong with credentials, each with a message and a hint of its own. */
const CREDENTIAL_ERRORS = [{
  name: "no credentials",
  config: "",
  args: [],
  stderr: "error: No AWS credentials were found\n" +
    "hint: Set AWS_PROFILE or pass --profile, sign in with aws sso login, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY\n",
}, {
  name: "a missing profile",
  config: "[profile prod]\nregion = eu-west-1\n",
  args: ["--profile", "prdo"],
  stderr:
    'error: AWS profile "prdo" is not configured: neither the config nor the credentials file has it\n' +
    'hint: Did you mean "prod"?\n',
}, {
  name: "an SSO session that was never started",
  config:
    "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n" +
    "[profile dev]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Dev\n",
  args: ["--profile", "dev"],
  stderr:
    'error: SSO session of profile "dev" has expired or was never started\n' +
    "hint: Run: aws sso login --profile dev\n",
}, {
  name: "a credential_process that fails",
  config: "[profile vault]\ncredential_process = /bin/false --secret hunter2\n",
  args: ["--profile", "vault"],
  stderr:
    'error: The credential_process of profile "vault" failed with exit code 1\n' +
    "hint: Run that command by hand to see why\n",
}, {
  name: "a profile without credentials",
  config: "[profile empty]\nregion = eu-west-1\n",
  args: ["--profile", "empty"],
  stderr: 'error: Profile "empty" gave no usable credentials\n' +
    "hint: Try: aws sts get-caller-identity --profile empty\n",
}];

for (const { name, config, args, stderr } of CREDENTIAL_ERRORS) {
  Deno.test(`token exits 3 with a hint for ${name}`, async () => {
    await using files = await awsConfig(config);
    const result = await rdsiam(["token", ...TARGET, ...args], files);
    assert.equal(result.stderr, stderr);
    assert.equal(result.stdout, "");
    assert.equal(result.code, 3);
  });
}

Deno.test("token exits 3 for credentials that have ended, not with a dead token", async () => {
  const { code, stdout, stderr } = await rdsiam(["token", ...TARGET], {
    env: { AWS_CREDENTIAL_EXPIRATION: "2026-01-15T12:00:00Z" },
  });
  assert.equal(
    stderr,
    "error: AWS credentials ended at 2026-01-15T12:00:00.000Z: a token of theirs would be refused\n" +
      "hint: Sign in again, for example with aws sso login\n",
  );
  assert.equal(stdout, "");
  assert.equal(code, 3);
});

/** Command lines that cannot be meant, and the first line that they get. */
const USAGE_ERRORS: [string[], string][] = [
  [["tokne"], 'error: Unknown command "tokne"'],
  [["token", "--hots", HOST], 'error: Unknown option "--hots"'],
  [["token"], "error: No database is named: the host is missing"],
  [["token", "-h", HOST], "error: Username is missing"],
  [["token", "-h", HOST, "-U", ""], "error: Username of --username is empty"],
  [["token", ...TARGET, "-p", "0"], 'error: Port "0" of --port is not valid'],
  [
    ["token", ...TARGET, "-p", "70000"],
    'error: Port "70000" of --port is not valid',
  ],
  [
    ["token", "-h", HOST, "-U", "ü".repeat(32)],
    `error: Username "${
      "ü".repeat(32)
    }" is too long: 64 bytes, where the database keeps 63`,
  ],
  [
    [
      "token",
      "-h",
      "orders.cluster-custom-abc.eu-west-1.rds.amazonaws.com",
      "-U",
      "app",
    ],
    'error: Custom endpoint "orders.cluster-custom-abc.eu-west-1.rds.amazonaws.com" cannot be used: no token is valid for an Aurora custom endpoint',
  ],
  [
    ["token", "-h", "localhost", "-U", "app"],
    'error: Host "localhost" is an address, and a token is signed for an endpoint\'s name',
  ],
  [
    ["token", ...TARGET, "--sslmode", "prefer"],
    'error: SSL mode "prefer" of --sslmode cannot be used: a token could be sent unencrypted',
  ],
  [["token", ...TARGET, "--format", "xml"], 'error: Format "xml" is not known'],
  [
    ["token", ...TARGET, "--engine", "oracle"],
    'error: Engine "oracle" is not known',
  ],
  [
    ["token", `postgres://app:hunter2@${HOST}/app`],
    "error: Connection URL holds a password, which does not belong there",
  ],
  [["token", "orders"], 'error: Target "orders" is not known'],
  [["exec", ...TARGET], "error: The command to run is missing"],
  [["exec", ...TARGET, "psql"], "error: The command to run is missing"],
  [["exec", ...TARGET, "--"], "error: The command to run is missing"],
  [
    ["emulator", "--listen", "0.0.0.0:5432"],
    'error: Address "0.0.0.0" of --listen is not on loopback',
  ],
  [
    ["emulator", "--token-lifetime", "901"],
    'error: Lifetime "901" of --token-lifetime is not valid',
  ],
  [
    ["emulator", "--access-key", "hunter2"],
    "error: An --access-key is not valid",
  ],
];

for (const [args, line] of USAGE_ERRORS) {
  Deno.test(`rdsiam exits 2 for ${args.join(" ").slice(0, 70)}`, async () => {
    const { code, stdout, stderr } = await rdsiam(args);
    const [first, second, end] = stderr.split("\n");
    assert.equal(first, line);
    assert.ok(second === "" || second?.startsWith("hint: ") && end === "");
    assert.equal(stdout, "");
    assert.equal(code, 2);
    assert.ok(!stderr.includes("hunter2"));
  });
}

Deno.test("an alias to nowhere is refused with what to pass instead", async () => {
  const { code, stderr } = await rdsiam([
    "token",
    "-h",
    "db.invalid",
    "-U",
    "app",
  ]);
  assert.ok([2, 4].includes(code)); // 4 where no name server answers
  assert.match(
    stderr,
    /^error: Host "db\.invalid" (is not an RDS endpoint|cannot be looked up)/,
  );
  assert.match(stderr, /^hint: .*--host/m);
});

Deno.test("rdsiam --help lists the commands, and --version the version", async () => {
  const help = await rdsiam(["--help"]);
  for (const name of ["token", "exec", "emulator", "rds"]) {
    assert.match(help.stdout, new RegExp(`^  ${name} `, "m"));
  }
  const version = await rdsiam(["--version"]);
  assert.match(version.stdout, /^rdsiam \d+\.\d+\.\d+\n$/);
});

// security: signs-offline
Deno.test({
  name: "token asks nobody, where the keys are in the environment",
  // An executable has its permissions in it.
  ignore: Deno.env.has("RDSIAM_BIN"),
  async fn() {
    const [program, ...args] = RDSIAM;
    const offline = args.map((word) =>
      word === "--allow-net" ? "--deny-net" : word
    );
    assert.ok(offline.includes("--deny-net"));
    const { code, stdout, stderr } = await run(
      [program, ...offline, "token", "-h", HOST, "-U", "app"],
      { env: KEY },
    );
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /X-Amz-Signature=/);
  },
});

// security: keeps-no-credentials
Deno.test("nothing of AWS credentials stays behind after token, exec and pgpass sync", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const env = {
      HOME: folder,
      TMPDIR: folder,
      XDG_RUNTIME_DIR: folder,
      XDG_CONFIG_HOME: folder,
      XDG_CACHE_HOME: folder,
      DENO_DIR: environment().DENO_DIR,
    };
    const target = ["-h", HOST, "-U", "app"];
    for (
      const args of [
        ["token", ...target],
        ["exec", ...target, "--", "true"],
        ["pgpass", "sync", ...target],
      ]
    ) assert.equal((await rdsiam(args, { env })).code, 0);
    const { code, stdout } = await run(
      ["grep", "-rF", KEY.AWS_SECRET_ACCESS_KEY, folder],
      { env },
    );
    assert.deepEqual([code, stdout], [1, ""]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("token leaves nothing in the temporary folder", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { code } = await rdsiam(["token", "-h", HOST, "-U", "app"], {
      env: { TMPDIR: folder },
    });
    assert.equal(code, 0);
    assert.deepEqual(await Array.fromAsync(Deno.readDir(folder)), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
