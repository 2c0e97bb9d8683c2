import assert from "node:assert/strict";
import { join } from "node:path";
import { Refusal } from "../../aws/refusal.ts";
import { AwsQueryServer } from "../../aws/server.ts";
import type { RdsDatabase } from "../../../core/rds/database.ts";
import { cluster, instance, proxy } from "../../fake_aws.ts";
import { isMissing } from "../../programs.ts";
import { awsConfig } from "../aws_config.ts";
import { RDSIAM, rdsiam } from "../rdsiam.ts";
import { Terminal } from "../terminal.ts";

const DOMAIN = "abcdefghijkl.eu-west-1.rds.amazonaws.com";

/** A local AWS, and rdsiam in an empty folder that is also the home of its configuration. */
async function startWorld(databases: readonly RdsDatabase[]) {
  const aws = new AwsQueryServer(databases);
  const folder = await Deno.realPath(await Deno.makeTempDir());
  const env = { ...aws.env, XDG_CONFIG_HOME: folder };
  return {
    aws,
    env,
    file: join(folder, "rdsiam", "config.toml"),
    folder,
    discover: (
      args: readonly string[],
      more: Record<string, string | undefined> = {},
    ) =>
      rdsiam(["targets", "discover", ...args], {
        cwd: folder,
        env: { ...env, ...more },
      }),
    async [Symbol.asyncDispose]() {
      await aws[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

Deno.test("targets discover lists what AWS has, page after page, when throttled too", async () => {
  const far = instance("far", {
    region: "us-east-1",
    arn: "arn:aws:rds:us-east-1:123456789012:db:far",
  });
  await using world = await startWorld([
    instance("orders"),
    instance("audit", { iam: "off" }),
    proxy("pool"),
    far,
  ]);
  world.aws.rds.pageSize = 1;
  world.aws.throttle("rds:DescribeDBInstances", 1);
  const { code, stdout, stderr } = await world.discover([]);
  assert.equal(code, 0, stderr);
  assert.equal(
    stdout,
    `NAME    LEADS TO  ENGINE         IAM  STATUS     RESOURCE ID  ENDPOINT
audit   instance  postgres 16.4  off  available  db-AUDIT     audit.${DOMAIN}:5432
orders  instance  postgres 16.4  on   available  db-ORDERS    orders.${DOMAIN}:5432
pool    proxy     postgresql     on   available  prx-pool     pool.proxy-${DOMAIN}:5432
`,
  );
  assert.equal(
    stderr,
    "IAM authentication is off for audit: once saved, rdsiam policy --enable NAME turns it on\n",
  );
});

Deno.test("targets discover --all-regions leaves out regions that the account has not enabled", async () => {
  await using world = await startWorld([instance("orders")]);
  world.aws.disabledRegions.add("af-south-1").add("me-south-1");
  const { code, stdout, stderr } = await world.discover([
    "--all-regions",
    "--json",
    "--verbose",
  ]);
  assert.equal(code, 0, stderr);
  assert.deepEqual(
    JSON.parse(stdout).map(({ name }: { name: string }) => name),
    ["orders"],
  );
  assert.match(
    stderr,
    /^Looking in 36 regions\n[^]*\nnot enabled for this account: af-south-1, me-south-1\n$/,
  );
});

Deno.test("targets discover shows what it may see, and says which permission is missing", async () => {
  await using world = await startWorld([instance("orders"), proxy("pool")]);
  world.aws.deny("rds:DescribeDBProxies");
  const { code, stdout, stderr } = await world.discover(["--json"]);
  assert.equal(code, 0);
  assert.equal(JSON.parse(stdout).length, 1);
  assert.equal(
    stderr,
    "warning: AWS does not let arn:aws:sts::123456789012:assumed-role/app/session call rds:DescribeDBProxies in eu-west-1: " +
      "no identity-based policy allows the rds:DescribeDBProxies action\n",
  );
});

Deno.test("targets discover exits with 3 when it may see nothing, or has no credentials that work", async () => {
  await using world = await startWorld([]);
  for (
    const action of [
      "DBInstances",
      "DBClusters",
      "DBProxies",
      "DBProxyEndpoints",
      "GlobalClusters",
    ]
  ) world.aws.deny(`rds:Describe${action}`);
  const denied = await world.discover([]);
  assert.deepEqual([denied.code, denied.stdout], [3, ""]);
  assert.match(
    denied.stderr,
    /^error: AWS does not let \S+ call rds:Describe\w+ in eu-west-1: .*\nhint: Ask who administers the account to allow rds:Describe/,
  );
  const none = await world.discover([], {
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
  });
  assert.deepEqual([none.code, none.stdout], [3, ""]);
  assert.match(none.stderr, /^error: No AWS credentials were found\nhint: /);
  const expired = new Refusal(
    "ExpiredToken",
    "The security token included in the request is expired",
    403,
  );
  world.aws.refuse("rds:DescribeDBInstances", expired);
  const { code, stderr } = await world.discover([]);
  assert.equal(code, 3);
  assert.match(
    stderr,
    /^error: AWS refused the credentials in eu-west-1: .* is expired\nhint: Sign in again/,
  );
});

Deno.test("targets discover signs as the profile that is named", async () => {
  await using world = await startWorld([instance("orders")]);
  await using config = await awsConfig(
    "[profile prod]\naws_access_key_id = AKIAPROD\naws_secret_access_key = x\nregion = us-west-2\n",
  );
  const env = { ...config.env, AWS_REGION: undefined };
  const { code, stderr } = await world.discover(["--profile", "prod"], env);
  assert.equal(code, 0, stderr);
  assert.deepEqual(
    new Set(world.aws.calls.map((one) => `${one.accessKeyId} ${one.region}`)),
    new Set(["AKIAPROD us-west-2"]),
  );
  const wrong = await world.discover(
    ["--profile", "prd", "--region", "eu-west-1"],
    env,
  );
  assert.deepEqual([wrong.code, wrong.stderr.split("\n")[1]], [
    3,
    'hint: Did you mean "prod"?',
  ]);
});

Deno.test("targets discover says that AWS cannot be reached", async () => {
  await using world = await startWorld([]);
  const { code, stderr } = await world.discover([], {
    AWS_ENDPOINT_URL: "http://127.0.0.1:1",
    AWS_MAX_ATTEMPTS: "1",
  });
  assert.equal(code, 4);
  assert.match(
    stderr,
    /^error: AWS cannot be reached for rds:.*ECONNREFUSED\n/,
  );
});

Deno.test("targets discover --save lets choose on the terminal", async (t) => {
  if (await isMissing(t, "tmux")) return;
  await using world = await startWorld([
    cluster("shop", { iam: "off" }),
    instance("ledger", { rdsEngine: "oracle-ee", engine: undefined }),
    instance("orders"),
  ]);
  await using terminal = await Terminal.open({ ...world.env });
  await terminal.enter(
    `cd ${world.folder}; ${RDSIAM.join(" ")} targets discover --save; clear`,
  );
  await terminal.see(/Which shall have a name/);
  await terminal.press("Space");
  await terminal.press("Down");
  await terminal.press("Down");
  await terminal.press("Space");
  await terminal.press("Enter");
  await terminal.see(/Database user that logs in with IAM/);
  await terminal.enter("app");
  await terminal.see(/^ready> $/);
  assert.equal(
    await Deno.readTextFile(world.file),
    `[targets.shop]
host = "shop.cluster-${DOMAIN}"
username = "app"
database = "postgres"

[targets.shop.admin]
username = "postgres"

[targets.orders]
host = "orders.${DOMAIN}"
username = "app"
database = "postgres"

[targets.orders.admin]
username = "postgres"
`,
  );
});
