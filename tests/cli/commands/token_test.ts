import assert from "node:assert/strict";
import { run } from "../../../cli/run.ts";
import { Secret } from "../../../core/secret.ts";
import { FakeOutput, FakeResolver, workingContext } from "../../fakes.ts";

const HOST = "orders.abc.eu-west-1.rds.amazonaws.com";
const WHOLE = ["-h", HOST, "-U", "app"];

async function token(
  args: string[],
  environment: Record<string, string> = {},
  secret?: string,
) {
  const resolver = new FakeResolver({}, { bastion: "10.0.0.5" });
  const { context, signer, stdout, stderr } = workingContext({
    environment,
    resolver,
  });
  if (secret !== undefined) {
    signer.answer = () =>
      Promise.resolve({ ...signer.token(), secret: new Secret(secret) });
  }
  const code = await run(["token", ...args], context);
  return { code, stdout: stdout.text, stderr: stderr.text, signer };
}

async function assertPrints(args: string[], stdout: string, secret?: string) {
  const printed = await token(args, {}, secret);
  assert.deepEqual([printed.code, printed.stdout, printed.stderr], [
    0,
    stdout,
    "",
  ]);
}

Deno.test("token prints the token and a newline", async () => {
  await assertPrints(WHOLE, "token-1\n");
  await assertPrints([...WHOLE, "--no-newline"], "token-1");
});

Deno.test("token --json prints one document", async () => {
  const json = JSON.stringify({
    token: "token-1",
    issuedAt: "2026-01-15T12:34:56.000Z",
    expiresAt: "2026-01-15T12:49:56.000Z",
    host: HOST,
    port: 5432,
    username: "app",
    region: "eu-west-1",
  });
  await assertPrints([...WHOLE, "--json"], `${json}\n`);
  await assertPrints([...WHOLE, "--format", "json"], `${json}\n`);
});

Deno.test("token --format url prints a URL that needs nothing else", async () => {
  await assertPrints(
    [...WHOLE, "-d", "orders", "--format", "url"],
    `postgresql://app:a%3A1%2F%3Fb%3Dc@${HOST}:5432/orders?sslmode=verify-full\n`,
    "a:1/?b=c",
  );
});

Deno.test("token --format url looks the address to dial up", async () => {
  await assertPrints(
    [...WHOLE, "--format", "url", "--connect", "bastion:15432"],
    `postgresql://app:token-1@${HOST}:15432/app?sslmode=verify-full&hostaddr=10.0.0.5\n`,
  );
});

Deno.test("token --format env prints what a shell reads back", async () => {
  await assertPrints(
    ["-h", HOST, "-U", "it's me", "--format", "env"],
    [
      `PGHOST=${HOST}`,
      "PGPORT=5432",
      "PGUSER='it'\\''s me'",
      "PGDATABASE='it'\\''s me'",
      "PGSSLMODE=verify-full",
      "PGGSSENCMODE=disable",
      "PGPASSWORD='h:5432/?Action=connect&DBUser=a'",
      "",
    ].join("\n"),
    "h:5432/?Action=connect&DBUser=a",
  );
});

const MYSQL = ["-h", HOST, "-U", "app", "--engine", "mysql"];

Deno.test("token --format env and url speak MySQL's words for a MySQL database", async () => {
  await assertPrints(
    [...MYSQL, "--format", "env"],
    [
      `MYSQL_HOST=${HOST}`,
      "MYSQL_TCP_PORT=3306",
      "MYSQL_USER=app",
      "LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN=1",
      "MYSQL_PWD=token-1",
      "",
    ].join("\n"),
  );
  await assertPrints(
    [...MYSQL, "--format", "url"],
    `mysql://app:token-1@${HOST}:3306/?ssl-mode=VERIFY_IDENTITY\n`,
  );
});

Deno.test("token minds no PG variable for a MySQL database", async () => {
  const { signer, code } = await token(
    [`mysql://app@${HOST}`],
    { PGPORT: "5432", PGUSER: "pg", PGSSLMODE: "disable" },
  );
  assert.equal(code, 0);
  const { port, username } = signer.requests[0] ?? {};
  assert.deepEqual([port, username], [3306, "app"]);
});

async function assertRefused(
  args: string[],
  stderr: string,
  environment: Record<string, string> = {},
) {
  const refused = await token(args, environment);
  assert.deepEqual([refused.code, refused.stdout, refused.stderr], [
    2,
    "",
    stderr,
  ]);
  assert.equal(refused.signer.calls, 0);
}

Deno.test("token refuses a form that it does not know", async () => {
  await assertRefused(
    [...WHOLE, "--format", "xml"],
    'error: Format "xml" is not known\nhint: Known: token, json, url, env\n',
  );
  await assertRefused(
    [...WHOLE, "--json", "--format", "url"],
    "error: --json and --format exclude each other\n",
  );
});

Deno.test("token wants a whole target", async () => {
  await assertRefused(
    [],
    "error: No database is named: the host is missing\n" +
      "hint: Pass --host, a postgres://user@host:port/db URL, or set PGHOST\n",
  );
  await assertRefused(
    ["-h", HOST],
    "error: Username is missing\n" +
      "hint: Name the database user with --username, -U or PGUSER\n",
  );
});

Deno.test("token says what to do with a name that is no target", async () => {
  await assertRefused(
    ["orders"],
    'error: Target "orders" is not known\n' +
      "hint: Pass a postgres://user@host:port/db URL, or --host and --username\n",
  );
  await assertRefused(
    [HOST],
    `error: Target "${HOST}" is not known\nhint: Pass a host name as --host ${HOST}\n`,
  );
  await assertRefused(
    [],
    'error: Target "orders" is not known\n' +
      "hint: Pass a postgres://user@host:port/db URL, or --host and --username\n",
    { RDSIAM_TARGET: "orders" },
  );
});

Deno.test("token names the variable that is wrong", async () => {
  await assertRefused(
    WHOLE,
    'error: Port "70000" of PGPORT is not valid\n' +
      "hint: Give a whole number from 1 to 65535\n",
    { PGPORT: "70000" },
  );
});

Deno.test("token takes options before [target], RDSIAM_TARGET and PG*", async () => {
  const environment = {
    RDSIAM_TARGET:
      "postgres://target@target.abc.eu-west-1.rds.amazonaws.com:2/?region=eu-west-2",
    PGHOST: "pg.abc.eu-west-1.rds.amazonaws.com",
    PGPORT: "1",
    PGUSER: "pg",
    PGSSLMODE: "require",
    AWS_PROFILE: "pg",
  };
  const url = "postgres://url@url.abc.eu-west-1.rds.amazonaws.com/d";
  const signedFor = async (
    args: string[],
    environment: Record<string, string>,
  ) => {
    const { signer } = await token(args, environment);
    const { host, port, username, region, profile } = signer.requests[0] ?? {};
    return [host?.split(".")[0], port, username, region, profile].join(" ");
  };
  const pg = { ...environment, RDSIAM_TARGET: "" };
  assert.equal(await signedFor([], pg), "pg 1 pg eu-west-1 ");
  assert.equal(
    await signedFor([], environment),
    "target 2 target eu-west-2 ",
  );
  assert.equal(
    await signedFor([url], environment),
    "url 5432 url eu-west-1 ",
  );
  assert.equal(
    await signedFor(
      [url, "-U", "option", "-p", "3", "--profile", "option"],
      environment,
    ),
    "url 3 option eu-west-1 option",
  );
});

Deno.test("token --verbose says what was resolved from where, and never the token", async () => {
  const { stdout, stderr } = await token(["--verbose", "-h", HOST], {
    PGUSER: "app",
  });
  assert.equal(stdout, "token-1\n");
  assert.equal(
    stderr,
    `host: ${HOST} (--host)\nusername: app (PGUSER)\n` +
      `target: app at ${HOST}:5432 in eu-west-1\n`,
  );
});

Deno.test("token warns of a wrong region, unless quiet", async () => {
  const args = [...WHOLE, "--region", "us-east-1"];
  assert.equal(
    (await token(args)).stderr,
    "warning: Region us-east-1 of --region is not the endpoint's, eu-west-1: the database will refuse the token\n",
  );
  assert.equal((await token([...args, "--quiet"])).stderr, "");
});

Deno.test("token without credentials exits with 3", async () => {
  const { context, signer, stdout, stderr } = workingContext();
  signer.fail();
  assert.equal(await run(["token", ...WHOLE], context), 3);
  assert.equal(stdout.text, "");
  assert.equal(stderr.text, "error: No AWS credentials were found\n");
});

Deno.test("token fails silently when nobody reads it", async () => {
  const stdout = new FakeOutput();
  stdout.write = () => {
    throw new Deno.errors.BrokenPipe("Broken pipe");
  };
  const { context, stderr } = workingContext({ stdout });
  assert.equal(await run(["token", ...WHOLE], context), 1);
  assert.equal(stderr.text, "");
});
