/** The twelve commonest causes of a failed login, staged with the emulator and AWS, and what `doctor` says of each. */
import postgres from "postgres";
import { createContext } from "../../../cli/frame/create_context.ts";
import { readEmulatorSettings } from "../../../cli/emulator/settings.ts";
import { startWholeEmulator } from "../../../cli/emulator/start.ts";
import { Reporter } from "../../../cli/frame/output.ts";
import { Secret } from "../../../core/secret.ts";
import { signToken } from "../../../core/token/sign.ts";
import { Refusal } from "../../aws/refusal.ts";
import { instance } from "../../fake_aws.ts";
import { type Emulator, startEmulator } from "../emulator.ts";
import { KEY } from "../rdsiam.ts";
import { again, assertNamed, type Stage } from "./stage.ts";

const OTHER_HOST = "orders.zyxwvutsrqpo.eu-west-1.rds.amazonaws.com";

/** A policy that lets nobody in. */
const NOBODY = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
};

let folder: string;
let emulator: Emulator;
let strict: Emulator;

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/nobody.json`, JSON.stringify(NOBODY));
  [emulator, strict] = await Promise.all([
    startEmulator(),
    startEmulator("--policy", `${folder}/nobody.json`),
  ]);
  for (const each of [emulator, strict]) {
    await each.query(
      "create role app login",
      "grant rds_iam to app",
      'create role "Sales" login',
      'grant rds_iam to "Sales"',
      "create role plain login password 'plain-password'",
    );
  }
});

Deno.test.afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
  await strict[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});

/** Stages a cause before one of the emulators, the usual one unless another is named. */
function assertCause(
  { emulator: other = emulator, args = ["-U", "app"], ...stage }:
    & Omit<Stage, "args">
    & { args?: readonly string[]; emulator?: Emulator },
) {
  return assertNamed(other, {
    ...stage,
    args: ["-d", "postgres", ...args],
    database: instance("orders"),
  });
}

Deno.test("doctor names a wrong region", () =>
  assertCause({
    args: ["-U", "app", "--region", "us-east-1"],
    aws: (server) => server.disabledRegions.add("us-east-1"),
    check: "region",
    detail:
      "tokens are signed for us-east-1 (--region), and the database is in eu-west-1",
    remedy: again("-h", emulator.host, "-U app -d postgres --region eu-west-1"),
    code: 5,
  }));

Deno.test("doctor names a wrong host by the certificate of who answers", () =>
  assertCause({
    args: ["-h", OTHER_HOST, "-U", "app"],
    check: "tls",
    detail:
      `"${emulator.host}" answers, and tokens are signed for "${OTHER_HOST}"`,
    remedy: again("-h", emulator.host),
    code: 4,
  }));

Deno.test("doctor names a wrong host that only RDS knows of", () =>
  assertCause({
    args: ["-U", "app"],
    emulator: { ...emulator, options: ["-h", OTHER_HOST] },
    check: "database",
    detail:
      `no database of this account in eu-west-1 has this endpoint; "${emulator.host}" is there`,
    remedy: again("-h", emulator.host),
    code: 5,
  }));

Deno.test("doctor names a wrong port", () =>
  assertCause({
    args: ["-U", "app", "-p", "5433"],
    check: "database",
    detail:
      'instance "orders" listens on port 5432, and tokens are signed for 5433',
    remedy: again("-h", emulator.host, "-p 5432"),
    code: 5,
  }));

Deno.test("doctor names a clock that is off", async () => {
  const ahead = 1_230_000;
  const context = createContext();
  const { sleep } = context.clock;
  // The database's clock is right, and so is AWS's: this machine's is behind.
  const clock = { now: () => Date.now() + ahead, sleep };
  await using database = await startWholeEmulator({
    settings: readEmulatorSettings({
      endpoint: emulator.host,
      master: "postgres:master-password",
    }),
    policy: undefined,
    tlsFolder: folder,
    signal: new AbortController().signal,
    context: { ...context, clock },
    reporter: new Reporter(context.stderr, {}, { quiet: true }),
  });
  const { port, ca } = database;
  await query({ host: emulator.host, port, ca }, "create role app login");
  await query({ host: emulator.host, port, ca }, "grant rds_iam to app");
  await assertCause({
    args: ["-U", "app", "--connect", `127.0.0.1:${port}`, "--sslrootcert", ca],
    aws: (server) => server.time = Date.now() + ahead,
    check: "clock",
    detail: "this machine's clock is 20 min behind the time of AWS",
    remedy: Deno.build.os === "linux" ? "sudo timedatectl set-ntp true" : "",
    code: 5,
  });
});

/** Runs a statement as the master of an emulator. */
async function query(
  { host, port, ca }: { host: string; port: number; ca: string },
  statement: string,
) {
  const sql = postgres({
    host: "127.0.0.1",
    port,
    username: "postgres",
    password: "master-password",
    database: "postgres",
    ssl: { ca: await Deno.readTextFile(ca), servername: host },
  });
  await sql.unsafe(statement);
  await sql.end();
}

Deno.test("doctor names a user in other capitals", () =>
  assertCause({
    args: ["-U", "sales", "--admin-username", "postgres"],
    env: { PGPASSWORD: emulator.master.password },
    check: "role",
    detail: 'role "sales" does not exist, "Sales" does: capitals matter',
    remedy: again("-h", emulator.host, "-U Sales"),
    code: 5,
  }));

/** A token as another program may have made it. */
async function token(host: string, ageMs: number): Promise<string> {
  const key = {
    id: KEY.AWS_ACCESS_KEY_ID,
    secret: new Secret(KEY.AWS_SECRET_ACCESS_KEY),
  };
  const request = { host, port: 5432, username: "app", region: "eu-west-1" };
  const { secret } = await signToken(request, key, Date.now() - ageMs);
  return secret.reveal();
}

Deno.test("doctor names an expired token", async () =>
  await assertCause({
    env: { PGPASSWORD: await token(emulator.host, 1_510_000) },
    check: "passwords",
    detail:
      "PGPASSWORD is a token that expired 10 min ago: clients that use it are refused",
    remedy: "unset PGPASSWORD",
    code: 5,
  }));

Deno.test("doctor names expired credentials", () =>
  assertCause({
    // The emulator does not know the key, either.
    env: { AWS_ACCESS_KEY_ID: "ASIAEXPIRED", AWS_SESSION_TOKEN: "old" },
    aws: (server) =>
      server.refuse(
        "sts:GetCallerIdentity",
        new Refusal(
          "ExpiredToken",
          "The security token included in the request is expired",
          403,
        ),
      ),
    check: "identity",
    detail:
      "AWS refused the credentials in eu-west-1: The security token included in the request is expired",
    remedy: "Sign in again",
    code: 3,
  }));

Deno.test("doctor names credentials that say themselves that they have expired", () =>
  assertCause({
    env: {
      AWS_SESSION_TOKEN: "old",
      AWS_CREDENTIAL_EXPIRATION: new Date(Date.now() - 605_000).toISOString(),
    },
    check: "credentials",
    detail: "from the environment: expired 10 min ago",
    remedy: "Sign in again, or",
    code: 3,
  }));

Deno.test("doctor names a missing policy", () =>
  assertCause({
    emulator: strict,
    aws: (server) => server.iam.policy = NOBODY,
    check: "policy",
    detail:
      "no policy of arn:aws:iam::123456789012:role/app allows rds-db:connect on " +
      "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ORDERS/app",
    remedy: "rdsiam policy -h",
    code: 5,
  }));

Deno.test("doctor supposes a missing policy where IAM may not be asked", () =>
  assertCause({
    emulator: strict,
    aws: (server) => server.deny("iam:SimulatePrincipalPolicy"),
    check: "login",
    detail:
      "the database refuses the token: as a rule, the AWS identity lacks rds-db:connect for this user",
    remedy: "rdsiam policy -h",
    code: 5,
  }));

Deno.test("doctor names a missing rds_iam", () =>
  assertCause({
    args: ["-U", "plain", "--admin-username", "postgres"],
    env: { PGPASSWORD: emulator.master.password },
    check: "role",
    detail: 'role "plain" is not in rds_iam',
    remedy: `rdsiam setup-db -h ${emulator.host} -U plain`,
    code: 5,
  }));

Deno.test("doctor names IAM authentication that is off", () =>
  assertCause({
    // As without it: the role is left to its password.
    args: ["-U", "plain"],
    aws: (server) => {
      server.rds.databases = [instance("orders", { iam: "off" })];
    },
    check: "database",
    detail: 'IAM authentication is off for instance "orders"',
    remedy: `rdsiam policy -h ${emulator.host}`,
    code: 5,
  }));

Deno.test("doctor names a mode without TLS", () =>
  assertCause({
    args: ["-U", "app", "--sslmode", "disable"],
    check: "configuration",
    detail:
      'SSL mode "disable" of --sslmode cannot be used: a token could be sent unencrypted',
    remedy: "Use require, verify-ca, verify-full",
    code: 2,
  }));

Deno.test("doctor names a server without TLS", async () => {
  using server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for await (const conn of server) {
      await conn.read(new Uint8Array(8)).catch(() => {});
      await conn.write(new TextEncoder().encode("N")).catch(() => {});
      conn.close();
    }
  })();
  await assertCause({
    args: ["-U", "app", "--connect", `127.0.0.1:${server.addr.port}`],
    check: "tls",
    detail: "the server does not offer TLS",
    remedy: "Check that the port is PostgreSQL's",
    code: 4,
  });
  server.close();
  await serving;
});

Deno.test("doctor names a token that is signed for an alias", async () =>
  await assertCause({
    env: { PGPASSWORD: await token("db.example.com", 0) },
    check: "passwords",
    detail:
      `PGPASSWORD is a token for "db.example.com:5432", not "${emulator.host}:5432": clients that use it are refused`,
    remedy: "unset PGPASSWORD",
    code: 5,
  }));

Deno.test("doctor names a host that no token is good for", () =>
  assertCause({
    args: ["-h", "localhost", "-U", "app"],
    check: "configuration",
    detail:
      'Host "localhost" is an address, and a token is signed for an endpoint\'s name',
    remedy: "Pass --host ENDPOINT --connect localhost",
    code: 2,
  }));

Deno.test("doctor names a token that is signed for the tunnel's port", () =>
  assertCause({
    args: ["-U", "app", "-p", `${emulator.port}`],
    aws: (server) => server.deny("rds:DescribeDBInstances"),
    check: "login",
    detail:
      `the token is signed for port ${emulator.port}, which looks like the tunnel's: RDS has 5432 as a rule`,
    remedy: again("-h", emulator.host, "-p 5432"),
    code: 5,
  }));
