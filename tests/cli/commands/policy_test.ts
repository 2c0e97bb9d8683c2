import assert from "node:assert/strict";
import { run } from "../../../cli/run.ts";
import type { RdsDatabase } from "../../../core/rds/database.ts";
import {
  ACCOUNT,
  cluster,
  denied,
  fakeAws,
  instance,
  proxy,
} from "../../fake_aws.ts";
import { fakeConfig, workingContext } from "../../fakes.ts";

const DOMAIN = "abcdefghijkl.eu-west-1.rds.amazonaws.com";
const ORDERS = `orders.${DOMAIN}`;
const START = `arn:aws:rds-db:eu-west-1:${ACCOUNT}:dbuser:`;

const CONFIG = fakeConfig({
  orders: { host: ORDERS, username: "app" },
  billing: { host: `billing.cluster-ro-${DOMAIN}`, username: "biller" },
  pool: { host: `pool.proxy-${DOMAIN}`, username: "app" },
  nobody: { host: ORDERS },
});

/** Calls `rdsiam policy` with these databases in the account. */
async function policy(
  args: string[],
  databases: RdsDatabase[] = [],
  { answer, aws = fakeAws(databases) }: {
    answer?: string;
    aws?: ReturnType<typeof fakeAws>;
  } = {},
) {
  const questions: string[] = [];
  const identities: unknown[] = [];
  const { context, clock, stdout, stderr } = workingContext({
    loadConfig: () => Promise.resolve(CONFIG),
    aws: (identity) => {
      identities.push(identity);
      return Promise.resolve(aws);
    },
    stopSignal: () => new AbortController().signal,
    askText: (question) => {
      questions.push(question);
      return Promise.resolve(answer);
    },
  });
  const running = run(["policy", ...args], context);
  await clock.advance(60_000);
  const code = await running;
  return {
    code,
    stdout: stdout.text,
    stderr: stderr.text,
    arns: stdout.text.startsWith("{")
      ? [JSON.parse(stdout.text).Statement?.[0].Resource ?? []].flat()
        .map((arn: string) => arn.replace(START, ""))
      : [],
    questions,
    identities,
    calls: aws.rds.calls,
  };
}

Deno.test("policy prints the exact ARN of a target's user, and nothing else on standard output", async () => {
  const { code, stdout, stderr, calls } = await policy(
    ["orders"],
    [instance("orders")],
  );
  assert.deepEqual([code, stderr], [0, ""]);
  assert.deepEqual(JSON.parse(stdout), {
    Version: "2012-10-17",
    Statement: [{
      Effect: "Allow",
      Action: "rds-db:connect",
      Resource: `${START}db-ORDERS/app`,
    }],
  });
  assert.deepEqual(calls, [`find ${ORDERS} eu-west-1`]);
});

Deno.test("policy names clusters for readers and members, proxies by their own ids, replicas by theirs", async () => {
  const databases = [
    cluster("billing"),
    instance("billing-1", { clusterName: "billing" }),
    proxy("pool"),
    instance("replica", { replicaOf: "orders" }),
  ];
  const rows: [string[], string][] = [
    [["billing"], "cluster-BILLING/biller"],
    [["pool"], "prx-pool/app"],
    [["-h", `billing-1.${DOMAIN}`, "-U", "u"], "cluster-BILLING/u"],
    [["-h", `replica.${DOMAIN}`, "-U", "u"], "db-REPLICA/u"],
  ];
  for (const [args, resource] of rows) {
    const { arns, stderr } = await policy(args, databases);
    assert.deepEqual([arns, stderr], [[resource], ""]);
  }
});

Deno.test("policy puts several users and targets into one statement", async () => {
  const databases = [instance("orders"), cluster("billing")];
  const { arns } = await policy(
    ["orders", "billing", "--user", "a", "--user", "jane.doe@example.com"],
    databases,
  );
  assert.deepEqual(arns, [
    "db-ORDERS/a",
    "db-ORDERS/jane.doe@example.com",
    "cluster-BILLING/a",
    "cluster-BILLING/jane.doe@example.com",
  ]);
  const own = await policy(["orders", "billing", "orders"], databases);
  assert.deepEqual(own.arns, ["db-ORDERS/app", "cluster-BILLING/biller"]);
});

Deno.test("policy needs no user of the target where the options name one", async () => {
  const databases = [instance("orders")];
  assert.equal((await policy(["nobody"], databases)).code, 2);
  assert.deepEqual((await policy(["nobody", "--user", "u"], databases)).arns, [
    "db-ORDERS/u",
  ]);
  assert.deepEqual((await policy(["nobody", "--any-user"], databases)).arns, [
    "db-ORDERS/*",
  ]);
});

Deno.test("policy warns of what a wildcard lets in, and of what is none", async () => {
  const databases = [instance("orders")];
  const any = await policy(["orders", "--any-user"], databases);
  assert.equal(
    any.stderr,
    "warning: Whoever has this policy can log in as every database user that logs in with IAM\n",
  );
  const literal = await policy(["orders", "--user", "app_*"], databases);
  assert.deepEqual(literal.arns, ["db-ORDERS/app_${*}"]);
  assert.equal(
    literal.stderr,
    'warning: User "app_*" is taken to the letter: --any-user stands for every user\n',
  );
  const open = await policy(
    ["orders", "--resource-id", "db-*", "--account", ACCOUNT],
  );
  assert.deepEqual(open.arns, ["db-*/app"]);
  assert.equal(
    open.stderr,
    'warning: Resource id "db-*" stands for every such database of the account in this region, future ones too\n',
  );
});

Deno.test("policy warns of what stands in the way of the login", async () => {
  const rows: [string, RdsDatabase, string][] = [
    [
      "orders",
      instance("orders", { iam: "off" }),
      'IAM authentication of instance "orders" is off: add --enable to turn it on',
    ],
    [
      "orders",
      instance("orders", { iam: "unsupported", rdsEngine: "db2-se" }),
      'No token logs in to instance "orders": its engine, db2-se, has no IAM authentication',
    ],
    [
      "pool",
      proxy("pool", { iam: "off" }),
      'The proxy "pool" takes no tokens: none of its logins has IAMAuth',
    ],
    [
      "billing",
      cluster("billing", { global: { name: "world", isWriter: true } }),
      'The cluster "billing" is a part of global database "world": each region\'s cluster has a resource id of its own, and after a failover another one is written to. Name those, too',
    ],
  ];
  for (const [name, database, warning] of rows) {
    const { code, stderr, arns } = await policy([name], [database]);
    assert.deepEqual([code, stderr], [0, `warning: ${warning}\n`]);
    assert.equal(arns.length, 1);
  }
});

const MANY = Array.from({ length: 100 }, (_, n) => ["--user", `user${n}`])
  .flat();

Deno.test("policy writes several policies where one would be too long, each with a name", async () => {
  const { stdout, stderr } = await policy(["orders", ...MANY], [
    instance("orders"),
  ]);
  const policies = JSON.parse(stdout);
  assert.deepEqual(Object.keys(policies), ["rds-connect-1", "rds-connect-2"]);
  const arns = Object.values(policies).flatMap((one) =>
    (one as { Statement: { Resource: string[] }[] }).Statement[0]?.Resource
  );
  assert.equal(new Set(arns).size, 100);
  assert.equal(
    stderr,
    "warning: One policy takes 6144 characters, so these are 2: rds-connect-1, rds-connect-2\n",
  );
  const terraform = await policy(
    ["orders", ...MANY, "--format", "terraform"],
    [instance("orders")],
  );
  assert.match(terraform.stdout, /"rds_connect_1" \{[^]*"rds_connect_2" \{/);
});

Deno.test("policy --form inline and permission-set is one policy, with a warning where that is too long", async () => {
  for (const form of ["inline", "permission-set"]) {
    const args = ["orders", "--form", form, ...MANY];
    const { arns, stderr } = await policy(args, [instance("orders")]);
    assert.deepEqual([arns.length, stderr], [100, ""]);
    const more = MANY.map((word) => word.replace("user", "longer-user-name"))
      .map((word) => word.startsWith("--") ? "--user" : word.repeat(3));
    const long = await policy(["orders", "--form", form, ...more], [
      instance("orders"),
    ]);
    assert.match(
      long.stderr,
      /^warning: The policy has \d+ characters, and AWS takes 10240 in [^]*: use --form managed, or --any-user\n$/,
    );
  }
});

Deno.test("policy --per-user has a statement for each user", async () => {
  const { stdout } = await policy(
    ["orders", "billing", "--user", "a", "--user", "b", "--per-user"],
    [instance("orders"), cluster("billing")],
  );
  assert.deepEqual(
    JSON.parse(stdout).Statement.map((one: { Resource: string[] }) =>
      one.Resource.map((arn) => arn.replace(START, ""))
    ),
    [
      ["db-ORDERS/a", "cluster-BILLING/a"],
      ["db-ORDERS/b", "cluster-BILLING/b"],
    ],
  );
});

Deno.test("policy lists a region once where many of its databases are meant", async () => {
  const databases = Array.from({ length: 50 }, (_, n) => instance(`db${n}`));
  const aws = fakeAws(databases);
  const targets = databases.map(({ name }) =>
    `postgres://app@${name}.${DOMAIN}/`
  );
  const { code, arns } = await policy(targets, databases, { aws });
  assert.deepEqual([code, arns.length], [0, 50]);
  assert.deepEqual(aws.rds.calls, ["list eu-west-1"]);
});

Deno.test("policy of a proxy that logs in with tokens is two: the client's, and the proxy's own role's", async () => {
  const pool = proxy("pool", { isEndToEndIam: true });
  const aws = fakeAws([pool]);
  aws.rds.targets.pool = [cluster("shop")];
  const { stdout, stderr } = await policy(["pool"], [], { aws });
  assert.deepEqual(
    Object.entries(JSON.parse(stdout)).map(([name, one]) => [
      name,
      (one as { Statement: { Resource: string }[] }).Statement[0]?.Resource
        .replace(START, ""),
    ]),
    [
      ["rds-connect", "prx-pool/app"],
      ["rds-connect-of-proxy-pool", "cluster-SHOP/app"],
    ],
  );
  assert.equal(
    stderr,
    `Policy rds-connect-of-proxy-pool is for the proxy's own role, arn:aws:iam::${ACCOUNT}:role/proxy\n`,
  );
});

Deno.test("policy --enable --dry-run tells what it would turn on, and asks and changes nothing", async () => {
  const aws = fakeAws([instance("orders", { iam: "off" })]);
  const { code, stderr, questions } = await policy(
    ["orders", "--enable", "--dry-run"],
    [],
    { aws },
  );
  assert.equal(code, 0);
  assert.match(stderr, /IAM authentication is off, and would be turned on/);
  assert.deepEqual(questions, []);
  assert.ok(aws.rds.calls.every((call) => !call.startsWith("turnOnIam")));
});

Deno.test("policy looks nothing up where the resource id and the account are given", async () => {
  const { arns, identities } = await policy(
    ["orders", "--resource-id", "db-X", "--account", "210987654321"],
  );
  assert.deepEqual(arns, [
    "arn:aws:rds-db:eu-west-1:210987654321:dbuser:db-X/app",
  ]);
  assert.deepEqual(identities, []);
});

Deno.test("policy takes the identity's account where the resource id alone is given, and the region's partition", async () => {
  const host = "orders.abc.rds.cn-north-1.amazonaws.com.cn";
  const { stdout, calls } = await policy(
    ["-h", host, "-U", "app", "--resource-id", "cluster-X", "--profile", "p"],
  );
  assert.match(
    stdout,
    /"arn:aws-cn:rds-db:cn-north-1:123456789012:dbuser:cluster-X\/app"/,
  );
  assert.deepEqual(calls, []);
});

Deno.test("policy asks as each target's own identity, once", async () => {
  const { identities } = await policy(
    ["orders", "billing", "--profile", "prod", "--role-arn", "arn:x"],
    [instance("orders"), cluster("billing")],
  );
  assert.deepEqual(identities, [{ profile: "prod", roleArn: "arn:x" }]);
});

Deno.test("policy refuses options that are wrong or contradict each other", async () => {
  const rows: [string[], message: string, hint?: string][] = [
    [
      ["orders", "--format", "terrform"],
      'Format "terrform" is not known',
      'Did you mean "terraform"?',
    ],
    [
      ["orders", "--format", "xml"],
      'Format "xml" is not known',
      "Known: json, terraform, cloudformation",
    ],
    [
      ["orders", "--json", "--format", "terraform"],
      "--json and --format exclude each other",
    ],
    [
      ["orders", "--any-user", "--user", "a"],
      "--user and --any-user exclude each other",
    ],
    [["orders", "--yes"], "--yes needs --enable, --attach or --detach"],
    [
      ["orders", "--account", ACCOUNT],
      "--account needs --resource-id",
      "Leave it out: the account is looked up with the database",
    ],
    [
      ["orders", "--account", "1234", "--resource-id", "db-X"],
      "The --account is not valid",
      "Give its 12 digits",
    ],
    [
      ["orders", "--resource-id", "orders"],
      'Resource id "orders" is not valid',
      "Give the DbiResourceId (db-…), DbClusterResourceId (cluster-…) or the proxy's prx-…, no name and no ARN",
    ],
    [
      ["orders", "--resource-id", "db-X", "--enable"],
      "--enable and --resource-id exclude each other: what is to be turned on must be looked up",
      "Leave --resource-id out",
    ],
    [
      ["orders", "billing", "--resource-id", "db-X"],
      "--resource-id names one database, and there are several targets",
      "Leave it out, or name one target",
    ],
    [
      ["billing", "--resource-id", "db-X"],
      `Resource id "db-X" is not one of "billing.cluster-ro-${DOMAIN}": that is the reader endpoint's cluster-…`,
      "Leave --resource-id out to look it up",
    ],
    [
      ["orders", "--user", "pg_x"],
      'Role name "pg_x" cannot be used: PostgreSQL reserves the prefix "pg_"',
      "Choose another name for the role",
    ],
  ];
  for (const [args, message, hint] of rows) {
    const { code, stdout, stderr } = await policy(args);
    const hintLine = hint === undefined ? "" : `hint: ${hint}\n`;
    assert.equal(stderr, `error: ${message}\n${hintLine}`);
    assert.deepEqual([code, stdout], [2, ""]);
  }
});

Deno.test("policy says how to go on where the database is not found or may not be looked up", async () => {
  const missing = await policy(["orders"]);
  assert.deepEqual([missing.code, missing.stdout], [1, ""]);
  assert.equal(
    missing.stderr,
    `error: Database "${ORDERS}" is not found: this AWS account has none of that name in eu-west-1\n` +
      "hint: Name another account's profile with --profile, or give --resource-id and --account\n",
  );
  const aws = fakeAws([instance("orders")]);
  aws.rds.errors["rds:DescribeDBInstances"] = denied("rds:DescribeDBInstances");
  const refused = await policy(["orders"], [], { aws });
  assert.deepEqual([refused.code, refused.stdout], [3, ""]);
  assert.match(refused.stderr, /^error: AWS denied rds:DescribeDBInstances\n/);
  assert.match(refused.stderr, /or give --resource-id\n$/);
});

Deno.test("policy --enable shows what it will do, asks, turns it on and waits", async () => {
  const database = instance("orders", { iam: "off" });
  const { code, arns, stderr, questions, calls } = await policy(
    ["orders", "--enable"],
    [database],
    { answer: "Yes " },
  );
  assert.equal(code, 0);
  assert.deepEqual(arns, ["db-ORDERS/app"]);
  assert.deepEqual(questions, ["Turn it on, at once? (y/N)"]);
  assert.equal(
    stderr,
    `instance "orders": IAM authentication is off, and would be turned on at once (db-ORDERS in eu-west-1, available)
instance "orders": RDS turns IAM authentication on; this takes minutes
instance "orders": IAM authentication is on
`,
  );
  assert.deepEqual(calls.slice(1), [
    `turnOnIam ${database.arn}`,
    `read ${database.arn}`,
  ]);
});

Deno.test("policy --enable turns a cluster on once for all its endpoints, without a question with --yes", async () => {
  const database = cluster("billing", { iam: "off" });
  const member = instance("billing-1", { clusterName: "billing", iam: "off" });
  const { code, calls, questions } = await policy(
    ["billing", "--enable", "--yes"],
    [database, member],
  );
  assert.deepEqual([code, questions], [0, []]);
  const { calls: both } = await policy(
    ["-h", `billing-1.${DOMAIN}`, "-U", "u", "--enable", "--yes"],
    [database, member],
  );
  for (const made of [calls, both]) {
    assert.deepEqual(
      made.filter((call) => call.startsWith("turnOn")),
      [`turnOnIam ${database.arn}`],
    );
  }
});

Deno.test("policy --enable asks nothing and changes nothing where it is on", async () => {
  const { code, stderr, questions, calls } = await policy(
    ["orders", "--enable"],
    [instance("orders")],
  );
  assert.deepEqual([code, questions], [0, []]);
  assert.equal(stderr, 'instance "orders": IAM authentication is on\n');
  assert.deepEqual(calls, [`find ${ORDERS} eu-west-1`]);
});

Deno.test("policy --enable changes nothing without a yes, and without a terminal to ask on", async () => {
  const databases = [instance("orders", { iam: "off" })];
  const no = await policy(["orders", "--enable"], databases, { answer: "" });
  assert.deepEqual([no.code, no.stdout], [1, ""]);
  assert.match(
    no.stderr,
    /error: IAM authentication was not turned on: you did not agree\n$/,
  );
  const silent = await policy(["orders", "--enable"], databases);
  assert.deepEqual([silent.code, silent.stdout], [2, ""]);
  assert.match(
    silent.stderr,
    /error: IAM authentication was not turned on: there is no terminal to ask on\nhint: Add --yes to turn it on without a question\n$/,
  );
  for (const { calls } of [no, silent]) assert.equal(calls.length, 1);
});

Deno.test("policy --enable refuses what it cannot do before it changes anything", async () => {
  const { code, stdout, calls } = await policy(
    ["orders", "pool", "--enable", "--yes"],
    [instance("orders", { iam: "off" }), proxy("pool", { iam: "off" })],
  );
  assert.deepEqual([code, stdout], [1, ""]);
  assert.ok(calls.every((call) => call.startsWith("find ")));
});

Deno.test("policy --format says the same for Terraform and CloudFormation", async () => {
  const databases = [instance("orders")];
  const terraform = await policy(
    ["orders", "--format", "terraform"],
    databases,
  );
  assert.match(terraform.stdout, /^data "aws_iam_policy_document"/);
  const template = await policy(
    ["orders", "--format", "cloudformation"],
    databases,
  );
  assert.match(template.stdout, /^AWSTemplateFormatVersion:/);
  for (const { stdout } of [terraform, template]) {
    assert.ok(stdout.includes(`"${START}db-ORDERS/app"`));
  }
});
