import assert from "node:assert/strict";
import fc from "fast-check";
import { parse } from "yaml";
import { connectPolicy } from "../../core/policy/document.ts";
import { formatPolicy } from "../../core/policy/format.ts";
import { AwsQueryServer } from "../aws/server.ts";
import { cluster, instance } from "../fake_aws.ts";
import { isMissing } from "../programs.ts";
import { type Emulator, startEmulator } from "./emulator.ts";
import { RDSIAM, rdsiam, run } from "./rdsiam.ts";
import { Terminal } from "./terminal.ts";
import { anyCharacter } from "../any_character.ts";

const ORDERS = "orders.abcdefghijkl.eu-west-1.rds.amazonaws.com";

/** The database that the emulator plays. */
const EMULATED = instance("orders", { resourceId: "db-EMULATOR" });

Deno.test("policy prints what lets psql in, and nobody else, names with wildcards included", async (t) => {
  if (await isMissing(t, "psql")) return;
  await using aws = new AwsQueryServer([EMULATED]);
  const users = ["app", "jane.doe@example.com", "a/b", "app_*", "${x}"];
  const { code, stdout, stderr } = await rdsiam([
    ...["policy", "-h", ORDERS],
    ...users.flatMap((user) => ["--user", user]),
  ], { env: aws.env });
  assert.equal(code, 0, stderr);
  const file = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(file, stdout);
    await using emulator = await startEmulator("--policy", file);
    const others = ["app_x", "other"];
    await emulator.query(
      ...[...users, ...others].flatMap((user) => [
        `create role "${user}" login`,
        `grant rds_iam to "${user}"`,
      ]),
    );
    for (const user of users) {
      assert.equal((await logIn(user, emulator)).stdout, `${user}\n`);
    }
    for (const user of others) {
      const { code, stderr } = await logIn(user, emulator);
      assert.equal(code, 2);
      assert.match(stderr, /PAM authentication failed/);
    }
  } finally {
    await Deno.remove(file);
  }
});

/** What psql says who it is. */
async function logIn(user: string, { options }: Emulator) {
  return await rdsiam([
    ...["exec", ...options, "-U", user, "-d", "postgres"],
    ...["--", "psql", "-Atc", "select session_user"],
  ]);
}

Deno.test("policy --enable --yes turns a cluster on through the API of RDS, at once", async () => {
  const billing = cluster("billing", { iam: "off" });
  await using aws = new AwsQueryServer([billing]);
  aws.rds.readsUntilOn = 0;
  const host = billing.endpoints[1]?.host ?? "";
  const args = ["policy", "-h", host, "-U", "app", "--enable", "--yes"];
  const first = await rdsiam(args, { env: aws.env });
  assert.deepEqual(
    [first.code, first.stderr.split("\n").at(-2)],
    [0, 'cluster "billing": IAM authentication is on'],
  );
  const changes = aws.calls.filter(({ action }) => action.startsWith("Modify"));
  const [change] = changes;
  assert.equal(change?.action, "ModifyDBCluster");
  const { parameters } = change;
  assert.equal(parameters.get("DBClusterIdentifier"), "billing");
  assert.equal(parameters.get("EnableIAMDatabaseAuthentication"), "true");
  assert.equal(parameters.get("ApplyImmediately"), "true");
  const again = await rdsiam(args, { env: aws.env });
  assert.deepEqual([again.code, again.stdout], [0, first.stdout]);
  assert.equal(
    aws.calls.filter(({ action }) => action.startsWith("Modify")).length,
    1,
  );
});

Deno.test("policy --enable refuses without a terminal, and says what the identity may not do", async () => {
  await using aws = new AwsQueryServer([instance("orders", { iam: "off" })]);
  const args = ["policy", "-h", ORDERS, "-U", "app", "--enable"];
  const silent = await rdsiam(args, { env: aws.env });
  assert.deepEqual([silent.code, silent.stdout], [2, ""]);
  assert.match(silent.stderr, /hint: Add --yes/);
  aws.deny("rds:ModifyDBInstance");
  const denied = await rdsiam([...args, "--yes"], { env: aws.env });
  assert.equal(denied.code, 3);
  assert.match(denied.stderr, /rds:ModifyDBInstance/);
  aws.deny("rds:DescribeDBInstances");
  const blind = await rdsiam(args.slice(0, -1), { env: aws.env });
  assert.equal(blind.code, 3);
  assert.match(
    blind.stderr,
    /allow rds:DescribeDBInstances.*, or give --resource-id\n$/,
  );
});

Deno.test("policy --enable asks on the terminal; Ctrl-C ends the waiting and says what goes on", async (t) => {
  if (await isMissing(t, "tmux", "bash")) return;
  await using aws = new AwsQueryServer([instance("orders", { iam: "off" })]);
  aws.rds.readsUntilOn = Infinity;
  await using terminal = await Terminal.open(aws.env);
  const line = [...RDSIAM, "policy", "-h", ORDERS, "-U", "app"].join(" ");
  await terminal.enter(`clear; ${line} --enable > /dev/null; echo "= $?"`);
  await terminal.see(/Turn it on, at once\? \(y\/N\)/);
  await terminal.enter("n");
  await terminal.see(/you did not agree\n= 1/);
  assert.ok(aws.calls.every(({ action }) => !action.startsWith("Modify")));
  await terminal.enter(`clear; ${line} --enable > /dev/null; echo "= $?"`);
  await terminal.see(/\(y\/N\)/);
  await terminal.enter("y");
  await terminal.see(/RDS turns IAM authentication on; this takes minutes/);
  await terminal.press("C-c");
  await terminal.see(
    /the waiting was ended\s+hint: RDS goes on with it: run the same again to wait for it\s+= 1/,
  );
});

Deno.test("What policy writes is in the form of terraform fmt, where Terraform is installed", async () => {
  const policies = [["one"], ["one", 'two"\\${*}%{x}']].map(connectPolicy);
  for (const policy of policies) {
    const text = formatPolicy(policy, "terraform");
    const path = await Deno.makeTempFile({ suffix: ".tf" });
    try {
      await Deno.writeTextFile(path, text);
      const { code, stdout } = await run(["terraform", "fmt", "-check", path]);
      assert.deepEqual([code, stdout], [0, ""], text);
    } catch (error) {
      // No Debian package has it; the exact text is asserted in tests/core.
      assert.ok(error instanceof Deno.errors.NotFound, String(error));
    } finally {
      await Deno.remove(path);
    }
  }
});

Deno.test("A CloudFormation template reads back as the policy, by either version of YAML", () => {
  const arns = fc.array(fc.string({ minLength: 1, unit: anyCharacter }), {
    minLength: 1,
  });
  fc.assert(
    fc.property(arns, (arns) => {
      const text = formatPolicy(connectPolicy(arns), "cloudformation");
      for (const version of ["1.1", "1.2"] as const) {
        const { Properties } = parse(text, { version }).Resources.RdsConnect;
        const { Version, Statement: [statement] } = Properties.PolicyDocument;
        assert.equal(Version, "2012-10-17");
        assert.deepEqual(statement.Resource, [...new Set(arns)]);
      }
    }),
  );
});
