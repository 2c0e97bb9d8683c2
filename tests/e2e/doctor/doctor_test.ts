import assert from "node:assert/strict";
import { AwsQueryServer } from "../../aws/server.ts";
import { instance } from "../../fake_aws.ts";
import { type Emulator, startEmulator } from "../emulator.ts";
import { KEY, rdsiam, type Result } from "../rdsiam.ts";

let emulator: Emulator;
let aws: AwsQueryServer;

Deno.test.beforeAll(async () => {
  emulator = await startEmulator();
  aws = new AwsQueryServer([instance("orders")]);
  await emulator.query(
    "create role app login",
    "grant rds_iam to app",
    "create role plain login password 'plain-password'",
  );
});

Deno.test.afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
  await aws[Symbol.asyncDispose]();
});

/** Runs `rdsiam doctor` for a user of the emulated database. */
function doctor(
  args: readonly string[],
  env: Record<string, string | undefined> = {},
): Promise<Result> {
  return rdsiam(["doctor", ...args], {
    env: { ...aws.env, ...KEY, PGPASSFILE: "/nonexistent/pgpass", ...env },
  });
}

function database(...more: string[]): string[] {
  return [...emulator.options, "-d", "postgres", ...more];
}

/** What differs from run to run, and from machine to machine. */
function steady(text: string): string {
  return text
    .replaceAll(emulator.listen, "127.0.0.1:PORT")
    .replaceAll(emulator.ca, "ca.pem")
    .replace(/connected in \d+ ms/, "connected in N ms")
    .replace(/. psql .*\n(?: +→ .*\n)?/, "");
}

Deno.test("doctor shows every link of a login that works", async () => {
  const { code, stdout, stderr } = await doctor(database("-U", "app"));
  assert.equal(stderr, "");
  assert.equal(
    steady(stdout),
    `✓ configuration  user "app", database "postgres", from the options
✓ credentials    from the environment
✓ identity       arn:aws:sts::123456789012:assumed-role/app/session
✓ region         eu-west-1, as in the endpoint's name
✓ clock          agrees with AWS
✓ signature      the same as @aws-sdk/rds-signer's
✓ endpoint       instance orders.abcdefghijkl.eu-west-1.rds.amazonaws.com:5432, through 127.0.0.1:PORT
✓ dns            not needed: 127.0.0.1 (this machine) is dialled
✓ tcp            connected in N ms
✓ tls            verified (verify-full), good for 364 days
✓ database       instance "orders", postgres 16.4, IAM authentication on
✓ policy         rds-db:connect allowed to arn:aws:iam::123456789012:role/app, by simulation
✓ login          token accepted, "app" is in
✓ role           "app" is in rds_iam
✓ access         CONNECT on "postgres", USAGE on schema public
✓ passwords      none kept; rdsiam exec needs none

The login works: rdsiam exec -h orders.abcdefghijkl.eu-west-1.rds.amazonaws.com -U app -d postgres --connect 127.0.0.1:PORT --sslrootcert ca.pem -- psql
`,
  );
  assert.equal(code, 0);
});

Deno.test("doctor names the cause of a refusal, and what to type", async () => {
  const { code, stdout, stderr } = await doctor(database("-U", "plain"));
  assert.equal(stderr, "");
  assert.equal(
    steady(stdout).split("\n").slice(10).join("\n"),
    `✓ database       instance "orders", postgres 16.4, IAM authentication on
✓ policy         rds-db:connect allowed to arn:aws:iam::123456789012:role/app, by simulation
✗ login          role "plain" is missing (capitals matter) or not in rds_iam
                 → rdsiam setup-db -h orders.abcdefghijkl.eu-west-1.rds.amazonaws.com -U plain -d postgres --connect 127.0.0.1:PORT --sslrootcert ca.pem --admin-username postgres
- role, access: need login
✓ passwords      none kept; rdsiam exec needs none

Stopped at login: fix that, then run rdsiam doctor again
`,
  );
  assert.equal(code, 5);
});

Deno.test("doctor --json --redact tells no account, and holds no token", async () => {
  const { code, stdout } = await doctor(
    database("-U", "plain", "--json", "--redact"),
  );
  assert.equal(code, 5);
  const { rdsiam: version, ok, cause, checks } = JSON.parse(stdout);
  assert.match(version, /^\d+\.\d+\.\d+/);
  assert.equal(ok, false);
  assert.equal(cause.check, "login");
  assert.equal(cause.kind, "refused");
  assert.equal(checks.length, 17);
  assert.deepEqual(checks[2], {
    check: "identity",
    status: "ok",
    detail: "arn:aws:sts::<account>:assumed-role/app/<session>",
  });
  assert.ok(!stdout.includes("123456789012"));
  assert.ok(!stdout.includes("abcdefghijkl"));
  assert.ok(!stdout.includes("X-Amz"));
});

Deno.test("doctor does what it can without any AWS permission", async () => {
  const calls = ["sts:GetCallerIdentity", "rds:DescribeDBInstances"];
  await using server = new AwsQueryServer();
  for (const call of calls) server.deny(call);
  const { code, stdout } = await doctor(database("-U", "app"), {
    ...server.env,
    ...KEY,
  });
  const lines = steady(stdout).split("\n");
  assert.equal(
    lines[2],
    "- identity       no permission sts:GetCallerIdentity",
  );
  assert.equal(
    lines[10],
    "- database       no permission rds:DescribeDBInstances",
  );
  assert.equal(lines[11], "- policy         needs identity");
  assert.equal(code, 0);
});

Deno.test("doctor --quiet prints what stands in the way, and nothing else", async () => {
  const fine = await doctor(database("-U", "app", "--quiet"));
  assert.deepEqual(fine, { code: 0, stdout: "", stderr: "" });
  const refused = await doctor(database("-U", "plain", "--quiet"));
  assert.match(refused.stdout, /^✗ login .*\n +→ rdsiam setup-db .*\n$/);
});

Deno.test("doctor asks no administrator whom nobody named, and says how the named one is let in", async () => {
  const args = database("-U", "plain", "--admin-username", "postgres");
  const without = await doctor(args);
  assert.match(
    without.stdout,
    /^- role {11}the administrator could not look: Password for "postgres" is missing/m,
  );
  const { stdout } = await doctor(args, {
    PGPASSWORD: emulator.master.password,
  });
  assert.match(stdout, /^✗ role {11}role "plain" is not in rds_iam$/m);
  assert.match(stdout, /^- login {10}refused, because of role$/m);
  assert.ok(!stdout.includes(emulator.master.password));
});

Deno.test("doctor of a target that is not known says so", async () => {
  const { code, stdout } = await doctor(["ordesr"]);
  assert.equal(
    stdout,
    `✗ configuration  Target "ordesr" is not known
                 → Pass a postgres://user@host:port/db URL, or --host and --username
- 18 others: need configuration

Stopped at configuration: fix that, then run rdsiam doctor again
`,
  );
  assert.equal(code, 2);
});

Deno.test("doctor of MySQL says that another server answers", async () => {
  await using server = new AwsQueryServer([
    instance("orders", {
      engine: "mysql",
      rdsEngine: "mysql",
      endpoints: [{ role: "instance", host: emulator.host, port: 3306 }],
    }),
  ]);
  const { code, stdout } = await doctor([
    ...["-h", emulator.host, "--connect", emulator.listen],
    ...["-U", "app", "--engine", "mysql"],
  ], { ...server.env, ...KEY });
  assert.match(
    stdout,
    /^✗ tls {12}what listens there does not greet as MySQL does\n.*→ Check the port, and --engine$/m,
  );
  assert.match(stdout, /^- login, role, access: need tls$/m);
  assert.equal(code, 4);
});
