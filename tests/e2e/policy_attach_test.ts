/** The policy given to IAM identities, and taken back. */
import assert from "node:assert/strict";
import { AwsQueryServer } from "../aws/server.ts";
import { cluster, instance } from "../fake_aws.ts";
import { run } from "../programs.ts";
import { rdsiam } from "./rdsiam.ts";

const DOMAIN = "abcdefghijkl.eu-west-1.rds.amazonaws.com";
const ORDERS = ["-h", `orders.${DOMAIN}`, "-U", "app"];
const START = "arn:aws:rds-db:eu-west-1:123456789012:dbuser";

/** An AWS with two databases, and `rdsiam policy` in it. */
function startWorld() {
  const aws = new AwsQueryServer([instance("orders"), cluster("billing")]);
  const { identities } = aws.iam;
  return {
    aws,
    identities,
    policy: (...args: string[]) =>
      rdsiam(["policy", ...args], { env: aws.env }),
    inline: (name: string) =>
      JSON.parse(identities.all.get(name)?.inline.get("rdsiam-connect") ?? "{}")
        .Statement,
    changes: () =>
      aws.calls.filter(({ action }) =>
        /^(Put|Delete|Create|Attach|Detach)/.test(action)
      )
        .map(({ action }) => action),
    [Symbol.asyncDispose]: () => aws[Symbol.asyncDispose](),
  };
}

Deno.test("policy --attach --create makes the user, gives it the policy, waits until it counts, and does nothing the second time", async () => {
  await using world = startWorld();
  world.aws.iam.asksUntilItCounts = 1;
  const args = [...ORDERS, "--attach", "user/jane", "--create", "--yes"];
  const check = await world.policy(...args.slice(0, -1), "--check");
  assert.equal(check.code, 1, check.stderr);
  assert.deepEqual(world.changes(), []);
  const first = await world.policy(...args);
  assert.equal(
    first.stderr,
    `IAM user "jane" would be made
inline policy "rdsiam-connect" of IAM user "jane":
  + ${START}:db-ORDERS/app
IAM user "jane" may connect
`,
  );
  assert.deepEqual([first.code, first.stdout], [0, ""]);
  assert.deepEqual(world.changes(), ["CreateUser", "PutUserPolicy"]);
  const again = await world.policy(...args);
  assert.deepEqual([again.code, again.stderr], [
    0,
    'IAM user "jane" has it already\n',
  ]);
  const clean = await world.policy(...args.slice(0, -1), "--check");
  assert.equal(clean.code, 0);
  assert.equal(world.changes().length, 2);
});

Deno.test("policy --attach replaces the older version of a database's statement, and touches no other; --detach takes it back", async () => {
  await using world = startWorld();
  world.identities.add("role/app");
  const attach = ["--attach", "role/app", "--yes"];
  await world.policy(...ORDERS, ...attach);
  await world.policy(
    ...["-h", `billing.cluster-${DOMAIN}`, "-U", "app"],
    ...attach,
  );
  // As after a restore: another resource id.
  world.aws.rds.databases = [
    instance("orders", { resourceId: "db-RESTORED" }),
    cluster("billing"),
  ];
  const { stderr } = await world.policy(...ORDERS, ...attach);
  assert.match(stderr, / \+ \S+db-RESTORED\/app\n {2}- \S+db-ORDERS\/app\n/);
  assert.deepEqual(
    world.inline("role/app").map(({ Resource }: { Resource: string }) =>
      Resource
    ),
    [`${START}:cluster-BILLING/app`, `${START}:db-RESTORED/app`],
  );
  const detached = await world.policy(
    ...ORDERS,
    "--detach",
    "role/app",
    "--yes",
  );
  assert.equal(detached.code, 0, detached.stderr);
  assert.equal(world.inline("role/app").length, 1);
  const nothing = await world.policy(
    ...ORDERS,
    "--detach",
    "role/app",
    "--yes",
  );
  assert.equal(nothing.stderr, 'IAM role "app" does not have it\n');
});

Deno.test("policy --attach --managed makes one policy, gives it to several, and keeps within IAM's five versions", async () => {
  await using world = startWorld();
  for (const name of ["user/jane", "role/app"]) {
    world.identities.add(name);
    const { code, stderr } = await world.policy(
      ...ORDERS,
      ...["--attach", name, "--managed", "db-access", "--yes"],
    );
    assert.equal(code, 0, stderr);
  }
  assert.deepEqual(world.changes(), [
    "CreatePolicy",
    "AttachUserPolicy",
    "AttachRolePolicy",
  ]);
  for (let version = 0; version < 6; version++) {
    const { code, stderr } = await world.policy(
      ...["-h", `orders.${DOMAIN}`, "--user", `app${version}`],
      ...["--attach", "role/app", "--managed", "db-access", "--yes"],
    );
    assert.equal(code, 0, stderr);
  }
  assert.equal(
    world.identities.managed.get("arn:aws:iam::123456789012:policy/db-access")
      ?.length,
    5,
  );
  await world.policy(
    ...ORDERS,
    ...["--detach", "user/jane", "--managed", "db-access", "--yes"],
  );
  assert.equal(world.changes().at(-1), "DetachUserPolicy");
});

Deno.test("policy --attach refuses who is not there, and asks before it changes anything", async () => {
  await using world = startWorld();
  const missing = await world.policy(
    ...ORDERS,
    "--attach",
    "user/joe",
    "--yes",
  );
  assert.deepEqual([missing.code, missing.stderr], [
    1,
    'error: IAM user "joe" is not there\nhint: Check its name and account, or add --create to make it\n',
  ]);
  world.identities.add("user/joe");
  const silent = await world.policy(...ORDERS, "--attach", "user/joe");
  assert.equal(silent.code, 2);
  assert.match(silent.stderr, /hint: Add --yes to do it without a question\n$/);
  assert.deepEqual(world.changes(), []);
  const dry = await world.policy(
    ...ORDERS,
    "--attach",
    "user/joe",
    "--dry-run",
  );
  assert.equal(dry.code, 0);
  assert.deepEqual(world.changes(), []);
});

for (
  const [args, message] of [
    [["--create"], "--create needs --attach"],
    [["--managed", "x"], "--managed needs --attach or --detach"],
    [["--check"], "--check needs --attach or --detach"],
    [["--attach", "jane"], "The IAM identity is not valid"],
    [
      ["--attach", "user/a", "--detach", "user/a"],
      "--attach and --detach exclude each other",
    ],
    [
      ["--attach", "user/a", "--enable"],
      "--enable and --attach exclude each other",
    ],
  ] as const
) {
  Deno.test(`policy refuses ${args.join(" ")}`, async () => {
    await using world = startWorld();
    const { code, stderr } = await world.policy(...ORDERS, ...args);
    assert.deepEqual([code, stderr.split("\n")[0]], [2, `error: ${message}`]);
  });
}

Deno.test("policy --attach against moto: the user, the policy, and nothing the second time", async (t) => {
  const python = "python3";
  const { code: lacks } = await run(python, ["-c", "import moto.server"])
    .catch(() => ({ code: 1 }));
  if (lacks !== 0) {
    // No package of Debian has it: the local AWS above is what always runs.
    await t.step({
      name: "skipped: moto is not installed",
      ignore: true,
      fn() {},
    });
    return;
  }
  await using moto = await startMoto(python);
  const env = {
    AWS_ENDPOINT_URL: moto.url,
    AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_MAX_ATTEMPTS: "1",
  };
  const args = [
    ...["policy", ...ORDERS, "--resource-id", "db-X"],
    ...["--account", "123456789012", "--attach", "user/jane", "--create"],
  ];
  const first = await rdsiam([...args, "--yes"], { env });
  assert.equal(first.code, 0, first.stderr);
  const again = await rdsiam([...args, "--check"], { env });
  assert.deepEqual([again.code, again.stderr], [
    0,
    'IAM user "jane" has it already\n',
  ]);
  const managed = await rdsiam(
    [...args, "--managed", "db-access", "--yes"],
    { env },
  );
  assert.equal(managed.code, 0, managed.stderr);
  assert.match(managed.stderr, /would be given to IAM user "jane"/);
});

/** Starts moto on a free port. */
async function startMoto(python: string) {
  const script = "import sys\nfrom moto.server import ThreadedMotoServer\n" +
    "server = ThreadedMotoServer(ip_address='127.0.0.1', port=0, verbose=False)\nserver.start()\n" +
    "print(server.get_host_and_port()[1], flush=True)\nsys.stdin.read()\n";
  const child = new Deno.Command(python, {
    args: ["-c", script],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  const port = new TextDecoder().decode(value).trim();
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      await reader.cancel();
      child.kill("SIGKILL");
      await child.stdin.close().catch(() => {});
      await child.status;
    },
  };
}
