import assert from "node:assert/strict";
import { run } from "../../../cli/run.ts";
import type { Context } from "../../../cli/frame/context.ts";
import type { Choice } from "../../../adapters/terminal/choose.ts";
import type { AwsCallError } from "../../../core/aws/call_error.ts";
import type { RdsDatabase } from "../../../core/rds/database.ts";
import { cluster, denied, fakeAws, instance, proxy } from "../../fake_aws.ts";
import { fakeContext, FakeFiles } from "../../fakes.ts";

const FILE = "/work/rdsiam.toml";
const DOMAIN = "abcdefghijkl.eu-west-1.rds.amazonaws.com";

const DATABASES: readonly RdsDatabase[] = [
  cluster("shop", { iam: "off", database: "shop" }),
  instance("ledger", {
    rdsEngine: "oracle-ee",
    engine: undefined,
    engineVersion: "19",
    iam: "unsupported",
  }),
  instance("orders"),
  proxy("pool"),
];

interface World {
  databases?: readonly RdsDatabase[];
  text?: string;
  errors?: readonly AwsCallError[];
  environment?: Record<string, string>;
  isTerminal?: boolean;
  /** What is chosen on the terminal. */
  chosen?: readonly string[];
  /** What is typed on the terminal. */
  typed?: string;
  region?: string | undefined;
}

/** Runs `targets discover …` in a world of its own. */
async function discover(args: string[], world: World = {}) {
  const { databases = DATABASES, text = "", errors = [] } = world;
  const files = new FakeFiles();
  files.content.set(FILE, text);
  const aws = fakeAws(databases);
  for (const error of errors) aws.rds.errors[error.action] = error;
  const identities: unknown[] = [];
  const choices: (readonly Choice[])[] = [];
  const parts: Partial<Context> = {
    environment: world.environment ?? {},
    configPath: () => Promise.resolve(FILE),
    files: () => Promise.resolve(files),
    defaultRegion: () =>
      Promise.resolve("region" in world ? world.region : "eu-west-1"),
    aws(identity) {
      identities.push(identity);
      return Promise.resolve(aws);
    },
    choose(_question, offered) {
      choices.push(offered);
      return Promise.resolve(world.chosen);
    },
    askText: () => Promise.resolve(world.typed),
  };
  const { context, stdout, stderr } = fakeContext(parts);
  stderr.isTerminal = world.isTerminal ?? false;
  const code = await run(["targets", "discover", ...args], context);
  return {
    code,
    stdout: stdout.text,
    stderr: stderr.text,
    text: files.content.get(FILE) ?? "",
    calls: aws.rds.calls,
    identities,
    choices,
  };
}

Deno.test("targets discover shows every endpoint with what matters to a login", async () => {
  const { code, stdout, stderr } = await discover([]);
  assert.equal(code, 0);
  assert.equal(
    stdout,
    `NAME         LEADS TO  ENGINE                  IAM  STATUS     RESOURCE ID   ENDPOINT
shop         writer    aurora-postgresql 16.4  off  available  cluster-SHOP  shop.cluster-${DOMAIN}:5432
shop-reader  reader    aurora-postgresql 16.4  off  available  cluster-SHOP  shop.cluster-ro-${DOMAIN}:5432
ledger       instance  oracle-ee 19            -    available  db-LEDGER     ledger.${DOMAIN}:5432
orders       instance  postgres 16.4           on   available  db-ORDERS     orders.${DOMAIN}:5432
pool         proxy     postgresql              on   available  prx-pool      pool.proxy-${DOMAIN}:5432
`,
  );
  assert.equal(
    stderr,
    "IAM authentication is off for shop: once saved, rdsiam policy --enable NAME turns it on\n",
  );
});

Deno.test("targets discover NAME and --engine show a part", async () => {
  async function names(...args: string[]) {
    const { stdout } = await discover([...args, "--json"]);
    return JSON.parse(stdout).map(({ name }: { name: string }) => name);
  }
  assert.deepEqual(await names("shop"), ["shop", "shop-reader"]);
  assert.deepEqual(await names("shop-reader", "pool"), ["shop-reader", "pool"]);
  assert.deepEqual(await names("--engine", "mysql"), []);
  assert.deepEqual(await names("--engine", "postgres", "orders"), ["orders"]);
});

Deno.test("targets discover --json tells all that is known", async () => {
  const { stdout, stderr } = await discover(["ledger", "--json"]);
  assert.equal(stderr, "");
  assert.deepEqual(JSON.parse(stdout), [{
    name: "ledger",
    configured: false,
    leadsTo: "instance",
    kind: "instance",
    identifier: "ledger",
    host: `ledger.${DOMAIN}`,
    port: 5432,
    engine: "oracle-ee",
    engineVersion: "19",
    iam: "unsupported",
    status: "available",
    region: "eu-west-1",
    account: "123456789012",
    arn: "arn:aws:rds:eu-west-1:123456789012:db:ledger",
    resourceId: "db-LEDGER",
    masterUsername: "postgres",
    masterUserSecretArn: null,
    database: null,
    vpcId: "vpc-1",
    securityGroupIds: ["sg-1"],
    publiclyAccessible: false,
    certificateAuthority: "rds-ca-rsa2048-g1",
    tags: {},
    obstacle: "rdsiam does not know its engine, oracle-ee",
  }]);
});

Deno.test("targets discover asks as the profile and the role that are named, in the regions that are", async () => {
  const { calls, identities, stderr } = await discover(
    [
      ...["--region", "us-east-1", "--region", "eu-west-1"],
      ...["--region", "us-east-1", "--role-arn", "arn:role"],
      ...["--profile", "prod"],
    ],
  );
  assert.deepEqual(calls, ["list us-east-1", "list eu-west-1"]);
  // The role is assumed once, in the region of the profile: any other may be closed.
  assert.deepEqual(identities, [
    { profile: "prod", roleArn: "arn:role", region: "eu-west-1" },
  ]);
  assert.match(stderr, /^Looking in 2 regions\n/);
});

Deno.test("targets discover --all-regions asks in the whole partition, and tells of progress", async () => {
  const { calls } = await discover(["--all-regions"], {
    region: "cn-north-1",
  });
  assert.deepEqual(calls, ["list cn-north-1", "list cn-northwest-1"]);
  const seen = await discover(["--all-regions"], { isTerminal: true });
  assert.match(seen.stderr, /Looking in 36 regions: 1 answered\r/);
  assert.match(seen.stderr, /36 answered\r/);
  const quiet = await discover(["--all-regions", "--quiet"]);
  assert.equal(quiet.stderr, "");
});

Deno.test("targets discover refuses what it cannot look for", async () => {
  async function refused(args: string[], world: World = {}) {
    const { code, stdout, stderr } = await discover(args, world);
    assert.deepEqual([code, stdout], [2, ""]);
    return stderr;
  }
  assert.equal(
    await refused(["--region", "europe"]),
    'error: Region "europe" is not valid\nhint: Write it as eu-west-1, and repeat --region for several\n',
  );
  assert.equal(
    await refused(["--region", "eu-west-1", "--all-regions"]),
    "error: --region and --all-regions are both given\nhint: Give one of them\n",
  );
  assert.equal(
    await refused([], { region: undefined }),
    "error: No region is named\nhint: Pass --region or --all-regions, or set AWS_REGION\n",
  );
  assert.equal(
    await refused(["--engine", "postgresql"]),
    'error: Engine "postgresql" is not known\nhint: Did you mean "postgres"?\n',
  );
  assert.match(
    await refused(["order"]),
    /^error: "order" was not found\nhint: Did you mean "orders"\?\n$/,
  );
  assert.equal(
    await refused(["nothing-like-it"]),
    'error: "nothing-like-it" was not found\nhint: Look elsewhere with --region, --all-regions or --profile\n',
  );
});

Deno.test("targets discover warns of what it may not see, and shows the rest", async () => {
  const { code, stdout, stderr } = await discover(
    ["orders", "--region", "eu-west-1", "--region", "us-east-1"],
    { errors: [denied("rds:DescribeDBProxies")] },
  );
  assert.equal(code, 0);
  assert.match(stdout, /^orders /m);
  assert.equal(
    stderr,
    "Looking in 2 regions\n" +
      "warning: AWS denied rds:DescribeDBProxies; the same in 1 more region\n",
  );
});

Deno.test("targets discover fails when nothing was found and something was denied", async () => {
  const { code, stderr } = await discover([], {
    databases: [],
    errors: [denied("rds:DescribeDBInstances")],
  });
  assert.deepEqual([code, stderr], [
    3,
    "error: AWS denied rds:DescribeDBInstances\n",
  ]);
});

Deno.test("targets discover says where it found nothing", async () => {
  const { code, stdout, stderr } = await discover(["--json"], {
    databases: [],
  });
  assert.deepEqual([code, stdout, stderr], [
    0,
    "[]\n",
    "No databases in eu-west-1: --region, --all-regions and --profile look elsewhere\n",
  ]);
});

Deno.test("targets discover --save NAME adds targets and leaves the rest of the file as it is", async () => {
  const text = '# mine\n\n[targets.audit] # old\nhost = "audit"\n';
  const saved = await discover(
    ["--save", "shop", "orders", "-U", "app", "--profile", "prod"],
    { text },
  );
  assert.equal(saved.code, 0, saved.stderr);
  assert.equal(saved.stdout, "");
  assert.equal(
    saved.text,
    `${text}
[targets.shop-123456789012]
host = "shop.cluster-${DOMAIN}"
username = "app"
database = "shop"
profile = "prod"

[targets.shop-123456789012.admin]
username = "postgres"

[targets.orders-123456789012]
host = "orders.${DOMAIN}"
username = "app"
database = "postgres"
profile = "prod"

[targets.orders-123456789012.admin]
username = "postgres"
`,
  );
  assert.equal(
    saved.stderr,
    `Added target "shop-123456789012" to "${FILE}"
Added target "orders-123456789012" to "${FILE}"
IAM authentication of "shop-123456789012" is off: rdsiam policy --enable shop-123456789012 turns it on
Next: rdsiam setup-db shop-123456789012, rdsiam policy shop-123456789012, rdsiam exec shop-123456789012 -- psql
`,
  );
});

Deno.test("targets discover --save does not add twice", async () => {
  const { text } = await discover(["--save", "orders", "-U", "app"]);
  const again = await discover(["--save", "orders", "--json"], { text });
  assert.deepEqual(
    [again.code, again.text, again.stdout, again.stderr],
    [0, text, "[]\n", 'Target "orders" exists already\n'],
  );
});

Deno.test("targets discover --save gives a name that is free, and says which", async () => {
  const text = '[targets.orders]\nhost = "elsewhere"\n';
  const { stdout } = await discover([], { text });
  assert.match(stdout, /^orders-instance /m);
  const saved = await discover(
    ["--save", "orders", "-U", "app", "--json"],
    { text },
  );
  assert.deepEqual(JSON.parse(saved.stdout), [
    { name: "orders-instance", file: FILE },
  ]);
});

Deno.test("targets discover --save lets choose on a terminal, and asks for the user", async () => {
  const chosen = await discover(["--save"], {
    chosen: ["orders", "pool"],
    typed: " app ",
  });
  assert.equal(chosen.code, 0, chosen.stderr);
  const [offered = []] = chosen.choices;
  assert.deepEqual(
    offered.map(({ value }) => value),
    ["shop", "shop-reader", "orders", "pool"], // and not what cannot be saved
  );
  assert.equal(
    offered[0]?.label,
    "shop         writer    aurora-postgresql 16.4  off",
  );
  assert.match(
    chosen.text,
    /\[targets\.orders\][^[]*username = "app"[^]*\[targets\.pool\]/,
  );
});

Deno.test("targets discover --save writes no user where none is told", async () => {
  const { text, stderr } = await discover(["--save", "orders"]);
  assert.doesNotMatch(text, /username = "app"/);
  assert.equal(
    stderr,
    `No user is saved: pass -U with each command
Added target "orders" to "${FILE}"
Next: rdsiam setup-db orders -U USER, rdsiam policy orders -U USER, rdsiam exec orders -U USER -- psql
`,
  );
});

Deno.test("targets discover --save refuses what cannot be saved, and writes nothing", async () => {
  async function refused(args: string[]) {
    const { code, text, stderr } = await discover(["--save", ...args]);
    assert.deepEqual([code, text], [2, ""]);
    return stderr;
  }
  assert.equal(
    await refused([]),
    "error: Nothing to save is named\nhint: Name it: rdsiam targets discover --save NAME...\n",
  );
  assert.equal(
    await refused(["orders", "ledger"]),
    'error: "ledger" cannot be saved: rdsiam does not know its engine, oracle-ee\nhint: Leave it out\n',
  );
  assert.match(
    await refused(["orders", "-U", "x".repeat(64)]),
    /^error: Username .* is too long: 64 bytes/,
  );
});

Deno.test("targets discover warns of a region that may be mistyped, and asks it", async () => {
  const { code, stderr } = await discover(["--region", "eu-wst-1"]);
  assert.equal(code, 0);
  assert.match(
    stderr,
    /^warning: Region "eu-wst-1" is not known here\. Did you mean "eu-west-1"\?\n/,
  );
});

Deno.test("targets discover --save says so when nothing was chosen", async () => {
  const { code, stderr } = await discover(["--save"], { chosen: [] });
  assert.equal(code, 0);
  assert.match(stderr, /^Nothing was chosen: the space bar chooses/m);
});
