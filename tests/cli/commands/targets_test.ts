import assert from "node:assert/strict";
import { run } from "../../../cli/run.ts";
import { mergeConfigs } from "../../../core/config/config.ts";
import { parseConfig } from "../../../core/config/parse.ts";
import type { FoundPgService } from "../../../adapters/config/service_files.ts";
import { RdsiamError } from "../../../core/errors.ts";
import { fakeContext, FakeFiles, FakeResolver } from "../../fakes.ts";

const FILE = "/work/rdsiam.toml";
const HOST = "orders.abc.eu-west-1.rds.amazonaws.com";
const GLOBAL = "shop.global-abc.global.rds.amazonaws.com";

const TEXT = `default_target = "orders"

[targets.orders]
host = "${HOST}"
username = "app"
database = "shop"
[targets.orders.admin]
username = "postgres"

[targets.audit]
host = "${GLOBAL}"
port = 6000
connect = "127.0.0.1:15432"
`;

/** Runs `targets …` where one configuration file is there, and gives what it holds then. */
async function targets(
  args: string[],
  { text = TEXT, services = [], resolver = new FakeResolver() }: {
    text?: string;
    services?: FoundPgService[];
    resolver?: FakeResolver;
  } = {},
) {
  const place = { file: FILE, home: "/home/me" };
  const files = new FakeFiles();
  files.content.set(FILE, text);
  const current = () => files.content.get(FILE) ?? "";
  const { context, stdout, stderr } = fakeContext({
    resolver,
    loadConfig: async () => mergeConfigs([await parseConfig(current(), place)]),
    loadPgServices: () => Promise.resolve(services),
    configPath: () => Promise.resolve(FILE),
    files: () => Promise.resolve(files),
    defaultRegion: () => Promise.resolve("us-east-1"),
  });
  const code = await run(["targets", ...args], context);
  return { code, stdout: stdout.text, stderr: stderr.text, text: current() };
}

async function assertRefused(
  args: string[],
  stderr: string,
  given: { text?: string } = {},
) {
  const before = given.text ?? TEXT;
  const refused = await targets(args, given);
  assert.deepEqual(refused, { code: 2, stdout: "", stderr, text: before });
}

Deno.test("targets lists what is configured, and the services that lead to RDS", async () => {
  const service = { hasPassword: false, file: "/pg_service.conf" };
  const services: FoundPgService[] = [
    { name: "old", fields: { host: HOST, username: "me" }, ...service },
    { name: "local", fields: { host: "localhost" }, ...service },
  ];
  const { code, stdout, stderr } = await targets([], { services });
  assert.deepEqual([code, stderr], [0, ""]);
  assert.equal(
    stdout,
    `NAME              USER  ENDPOINT                                  PORT  DATABASE  REGION     VIA              FILE
orders (default)  app   ${HOST}    5432  shop      eu-west-1  -                ${FILE}
audit             -     ${GLOBAL}  6000  -         -          127.0.0.1:15432  ${FILE}
service:old       me    ${HOST}    5432  me        eu-west-1  -                /pg_service.conf
`,
  );
});

Deno.test("targets --json prints one document", async () => {
  const { stdout } = await targets(["--json"]);
  assert.deepEqual(JSON.parse(stdout), [
    {
      name: "orders",
      username: "app",
      host: HOST,
      port: 5432,
      database: "shop",
      region: "eu-west-1",
      default: true,
      file: FILE,
    },
    {
      name: "audit",
      host: GLOBAL,
      port: 6000,
      connect: "127.0.0.1:15432",
      default: false,
      file: FILE,
    },
  ]);
});

Deno.test("targets says what to do where none is configured", async () => {
  assert.deepEqual(await targets([], { text: "" }), {
    code: 0,
    stdout: "",
    stderr:
      "No targets are configured: rdsiam targets add NAME postgres://user@host:port/db makes one\n",
    text: "",
  });
});

Deno.test("targets show prints each field and what gave it", async () => {
  const { stdout } = await targets(["show"]);
  assert.equal(
    stdout,
    `name      orders
host      ${HOST}  targets.orders.host in "${FILE}"
port      5432                                    default of postgres
username  app                                     targets.orders.username in "${FILE}"
database  shop                                    targets.orders.database in "${FILE}"
region    eu-west-1                               the endpoint's name
sslmode   verify-full                             default
engine    postgres                                default
admin     postgres, by password                   targets.orders.admin in "${FILE}"
`,
  );
});

Deno.test("targets show --json prints one document", async () => {
  const text = TEXT.replace("port = 6000", 'username = "auditor"')
    .replace(GLOBAL, "DB.example.com");
  const resolver = new FakeResolver({ "db.example.com": GLOBAL });
  const { stdout } = await targets(["show", "audit", "--json"], {
    text,
    resolver,
  });
  assert.deepEqual(JSON.parse(stdout), {
    name: "audit",
    host: GLOBAL,
    port: 5432,
    username: "auditor",
    database: "auditor",
    region: "us-east-1",
    connect: "127.0.0.1:15432",
    sslmode: "verify-full",
    engine: "postgres",
    origins: {
      host: `targets.audit.host in "${FILE}", through the alias db.example.com`,
      port: "default of postgres",
      username: `targets.audit.username in "${FILE}"`,
      database: "default: the user name",
      region: "the AWS environment",
      connect: `targets.audit.connect in "${FILE}"`,
      sslmode: "default",
      engine: "default",
    },
  });
});

Deno.test("targets add writes what is given, and no more", async () => {
  const { code, stdout, stderr, text } = await targets([
    "add",
    "new",
    `postgres://app@${HOST}:5433/shop`,
    ...["-U", "me", "--profile", "prod", "--admin-username", "root"],
    "--admin-iam",
  ]);
  assert.deepEqual([code, stdout, stderr], [
    0,
    "",
    `Added target "new" to "${FILE}"\n`,
  ]);
  assert.equal(
    text,
    `${TEXT}
[targets.new]
host = "${HOST}"
port = 5433
username = "me"
database = "shop"
profile = "prod"

[targets.new.admin]
username = "root"
auth = "iam"
`,
  );
});

Deno.test("targets add --json prints the name and the file", async () => {
  const { stdout, stderr } = await targets([
    ...["add", "new", "-h", HOST, "--json", "--quiet"],
  ]);
  assert.deepEqual(JSON.parse(stdout), { name: "new", file: FILE });
  assert.equal(stderr, "");
});

Deno.test("targets add takes a host unchecked where no name server answers", async () => {
  const resolver = new FakeResolver();
  resolver.alias = () =>
    Promise.reject(new RdsiamError("unreachable", "DNS does not answer"));
  const { code, stderr } = await targets(
    ["add", "new", "-h", "db.example.com"],
    { resolver },
  );
  assert.equal(code, 0);
  assert.equal(
    stderr,
    "warning: DNS does not answer; the host is not checked\n" +
      `Added target "new" to "${FILE}"\n`,
  );
});

Deno.test("targets add refuses what could not be used", async () => {
  await assertRefused(
    ["add", "new"],
    "error: Host is missing\n" +
      "hint: Pass --host, or a postgres://user@host:port/db URL\n",
  );
  await assertRefused(
    ["add", "app:s3cret@db", "-h", HOST],
    "error: The name of the target is not valid\n" +
      "hint: Use letters, digits and _, and after the first of them . @ - too\n",
  );
  await assertRefused(
    ["add", "new", "-h", HOST, "-p", "0"],
    'error: Port "0" of --port is not valid\n' +
      "hint: Give a whole number from 1 to 65535\n",
  );
  await assertRefused(
    ["add", "new", `postgres://app:s3cret@${HOST}/shop`],
    "error: Connection URL holds a password, which does not belong there\n" +
      "hint: Leave it out: rdsiam signs a token, and takes an administrator's password from PGPASSWORD or the passfile\n",
  );
  await assertRefused(
    ["add", "audit", "-h", HOST],
    `error: Configuration file "${FILE}", line 10: target "audit" exists already\n` +
      "hint: Change it there, or take it out with rdsiam targets remove audit\n",
  );
});

Deno.test("targets remove takes a target out, and says what still names it", async () => {
  const { code, stderr, text } = await targets(["remove", "orders"], {
    text: `${TEXT}\n[[sync]]\nwriter = "pgpass"\ntargets = ["orders"]\n`,
  });
  assert.equal(code, 0);
  assert.equal(
    stderr,
    `Removed target "orders" from "${FILE}"\n` +
      `warning: default_target of "${FILE}" still names it\n` +
      `warning: A [[sync]] of "${FILE}" still names it\n`,
  );
  assert.match(
    text,
    /^default_target = "orders"\n\n\[targets\.audit\]\n[^]*\[\[sync\]\]/,
  );
});

Deno.test("targets remove suggests the nearest name", async () => {
  await assertRefused(
    ["remove", "ordrs"],
    'error: Target "ordrs" is not known\n' +
      'hint: Did you mean "orders"? rdsiam targets lists the configured ones\n',
  );
});

Deno.test("targets refuses a subcommand that it does not know", async () => {
  await assertRefused(
    ["shw"],
    'error: Unknown command "targets shw"\nhint: Did you mean "show"?\n',
  );
  await assertRefused(
    ["postgres://a:s3cret@b"],
    "error: Unknown command\nhint: Known: show, add, discover, remove\n",
  );
});
