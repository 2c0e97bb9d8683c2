/** Many accounts, and what their databases are chosen by. */
import assert from "node:assert/strict";
import type { RdsDatabase } from "../../../core/rds/database.ts";
import { AwsQueryServer } from "../../aws/server.ts";
import { cluster, instance, proxy } from "../../fake_aws.ts";
import { awsConfig } from "../aws_config.ts";
import { rdsiam } from "../rdsiam.ts";

const OWN = "123456789012";
const SHOP = "222222222222";
const BANK = "333333333333";

/** A database of an account, whose endpoints tell it. */
function of(account: string, database: RdsDatabase): RdsDatabase {
  const id = `acct${account.slice(0, 8)}`;
  return {
    ...database,
    account,
    arn: database.arn.replace(OWN, account),
    endpoints: database.endpoints.map((endpoint) => ({
      ...endpoint,
      host: endpoint.host.replace("abcdefghijkl", id),
    })),
  };
}

/** An organization of three accounts, one more that is closed, and an empty configuration. */
async function startWorld(databases: readonly RdsDatabase[]) {
  const aws = new AwsQueryServer(databases);
  aws.organizations.accounts = [OWN, SHOP, BANK]
    .map((Id) => ({ Id, Status: "ACTIVE" }));
  aws.organizations.accounts.push({ Id: "444444444444", Status: "SUSPENDED" });
  const config = await awsConfig("");
  const file = `${config.folder}/rdsiam.toml`;
  await Deno.writeTextFile(file, "");
  return {
    aws,
    file,
    text: () => Deno.readTextFile(file),
    discover: (...args: string[]) =>
      rdsiam(["targets", "discover", "--config", file, ...args], {
        env: { ...config.env, ...aws.env },
      }),
    async [Symbol.asyncDispose]() {
      await aws[Symbol.asyncDispose]();
      await config[Symbol.asyncDispose]();
    },
  };
}

const DATABASES = [
  of(OWN, instance("orders", { tags: { team: "shop", env: "prod" } })),
  of(SHOP, instance("orders", { iam: "off", tags: { team: "shop" } })),
  of(SHOP, cluster("billing")),
  of(BANK, proxy("pool")),
];
const ORGANIZATION = ["--accounts", "organization", "--role-name", "rdsiam"];

/** The names of a result. */
function names(stdout: string): string[] {
  return JSON.parse(stdout).map(({ name }: { name: string }) => name);
}

Deno.test("targets discover --accounts organization looks in each account, as a role of it, and tells accounts apart by name", async () => {
  await using world = await startWorld(DATABASES);
  const { code, stdout, stderr } = await world.discover(
    ...ORGANIZATION,
    "--json",
  );
  assert.equal(code, 0, stderr);
  assert.deepEqual(names(stdout), [
    `orders-${OWN}`,
    `billing-${SHOP}`,
    `billing-reader-${SHOP}`,
    `orders-${SHOP}`,
    `pool-${BANK}`,
  ]);
  assert.match(stderr, /^Looking in 3 accounts, 1 region each\n/);
  const roles = world.aws.calls.filter(({ action }) => action === "AssumeRole");
  assert.deepEqual(
    roles.map(({ parameters }) => parameters.get("RoleArn")).sort(),
    [SHOP, BANK].map((id) => `arn:aws:iam::${id}:role/rdsiam`),
  );
});

Deno.test("targets discover warns of an account that lets nobody in, assumes each role once, and goes on", async () => {
  await using world = await startWorld(DATABASES);
  world.aws.sts.closedAccounts.add(SHOP);
  const { code, stdout, stderr } = await world.discover(
    ...["--accounts", `${SHOP},${BANK}`, "--role-name", "rdsiam", "--json"],
    ...["--region", "eu-west-1", "--region", "us-east-1"],
  );
  assert.deepEqual([code, names(stdout)], [0, [`pool-${BANK}`]]);
  assert.match(
    stderr,
    new RegExp(
      `warning: Account ${SHOP} is left out: Role "arn:aws:iam::${SHOP}:role/rdsiam" cannot be assumed: [^\n]*\n$`,
    ),
  );
  const asked = world.aws.calls.filter(({ action }) => action === "AssumeRole");
  assert.equal(
    asked.filter(({ parameters }) => parameters.get("RoleArn")?.includes(BANK))
      .length,
    1,
  );
  world.aws.sts.closedAccounts.add(BANK);
  const none = await world.discover(
    ...["--accounts", BANK, "--role-name", "rdsiam"],
  );
  assert.equal(none.code, 3);
});

Deno.test("targets discover chooses by tag, IAM authentication and pattern", async () => {
  await using world = await startWorld(DATABASES);
  const chosen = async (...args: string[]) => {
    const { stdout, stderr } = await world.discover(
      ...ORGANIZATION,
      "--json",
      ...args,
    );
    assert.notEqual(stdout, "", stderr);
    return names(stdout);
  };
  assert.deepEqual(await chosen("--tag", "team=shop"), [
    `orders-${OWN}`,
    `orders-${SHOP}`,
  ]);
  assert.deepEqual(await chosen("--tag", "team=shop", "--tag", "env"), [
    `orders-${OWN}`,
  ]);
  assert.deepEqual(await chosen("--iam", "off"), [`orders-${SHOP}`]);
  assert.deepEqual(await chosen("bill*"), [
    `billing-${SHOP}`,
    `billing-reader-${SHOP}`,
  ]);
  assert.deepEqual(await chosen("--tag", "team=none"), []);
});

Deno.test("targets discover --json tells tags, VPC, status, CA and the secret's ARN", async () => {
  const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x";
  await using world = await startWorld([
    instance("orders", { tags: { team: "shop" }, masterSecretArn: secret }),
  ]);
  const { stdout } = await world.discover("--json");
  const [found] = JSON.parse(stdout);
  assert.deepEqual(
    [found.tags, found.vpcId, found.status, found.certificateAuthority],
    [{ team: "shop" }, "vpc-1", "available", "rds-ca-rsa2048-g1"],
  );
  assert.equal(found.masterUserSecretArn, secret);
});

Deno.test("targets discover --save --all saves what matches with the role that found it, by a template's names, once", async () => {
  await using world = await startWorld(DATABASES);
  const args = [
    ...ORGANIZATION,
    ...["--name-template", "{account}-{region}-{name}", "--save", "--all"],
    ...["-U", "app", "orders"],
  ];
  const { code, stderr } = await world.discover(...args);
  assert.equal(code, 0, stderr);
  const text = await world.text();
  assert.match(text, new RegExp(`\\[targets\\.${OWN}-eu-west-1-orders\\]`));
  const saved = text.split(`[targets.${SHOP}-eu-west-1-orders]`)[1] ?? "";
  assert.match(
    saved,
    new RegExp(`role_arn = "arn:aws:iam::${SHOP}:role/rdsiam"`),
  );
  assert.equal(text.match(/role_arn/g)?.length, 1, "the own account has none");
  await world.discover(...args);
  assert.equal(await world.text(), text);
});

Deno.test("targets discover --prune tells which targets are gone from where it looked, and takes them out with --yes", async () => {
  await using world = await startWorld(DATABASES);
  await world.discover(...ORGANIZATION, "--save", "--all", "-U", "app");
  await Deno.writeTextFile(
    world.file,
    `${await world.text()}
[targets.far]
host = "far.abc.us-east-1.rds.amazonaws.com"
`,
  );
  const before = await world.text();
  world.aws.rds.databases = DATABASES.filter(({ account }) => account !== BANK);
  const told = await world.discover(...ORGANIZATION, "--prune");
  assert.match(
    told.stderr,
    new RegExp(
      `Target "pool-${BANK}" is gone: AWS has no pool\\.\\S+\nNothing was taken out: add --yes to do it\n$`,
    ),
  );
  assert.equal(await world.text(), before);
  // What could not be read is not gone.
  world.aws.deny("rds:DescribeDBProxies");
  const blind = await world.discover(...ORGANIZATION, "--prune", "--yes");
  assert.match(blind.stderr, /No saved target is gone\n$/);
  world.aws.throttle("rds:DescribeDBProxies", 0);
  const { code, stderr } = await world.discover(
    ...ORGANIZATION,
    "--prune",
    "--yes",
  );
  assert.equal(code, 0);
  assert.match(stderr, /Took 1 target out of/);
  const text = await world.text();
  assert.doesNotMatch(text, /pool/);
  assert.match(text, /targets\.far/);
});

for (
  const [args, message] of [
    [["--accounts", "1"], "--accounts needs --role-name"],
    [["--role-name", "r"], "--role-name needs --accounts"],
    [
      ["--accounts", "1", "--role-name", "r"],
      'Account "1" is not valid',
    ],
    [["--all"], "--all needs --save"],
    [["--yes"], "--yes needs --prune"],
    [["--tag", "=x"], "A --tag has no key"],
    [["--name-template", "{region}"], "The --name-template has no {name}"],
    [["--name-template", "{x}{name}"], "The --name-template cannot be used"],
  ] as const
) {
  Deno.test(`targets discover refuses ${args.join(" ")}`, async () => {
    await using world = await startWorld([]);
    const { code, stderr } = await world.discover(...args);
    assert.equal(code, 2);
    assert.equal(stderr.split("\n")[0], `error: ${message}`);
  });
}
