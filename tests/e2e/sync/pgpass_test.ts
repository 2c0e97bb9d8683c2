import assert from "node:assert/strict";
import { modeOf, temporaryFolder } from "../../adapters/temporary_folder.ts";
import { isMissing, run as runProgram } from "../../programs.ts";
import { awsConfig } from "../aws_config.ts";
import { startEmulator } from "../emulator.ts";
import { KEY, rdsiam } from "../rdsiam.ts";
import { startWatch } from "./watch.ts";

const HOST = "orders.abcdefghijkl.eu-west-1.rds.amazonaws.com";
const FOREIGN =
  "# mine\r\nother.example.com:5432:*:me:pass\\:word\n*:5432:x:y:z";

/** A home folder with a configuration of two targets. */
async function home() {
  const folder = await temporaryFolder();
  await Deno.writeTextFile(
    `${folder.path}/rdsiam.toml`,
    `[targets.orders]
host = "${HOST}"
username = "app"

[targets.billing]
host = "billing.abcdefghijkl.eu-west-1.rds.amazonaws.com"
username = "clerk"
`,
  );
  const env = {
    HOME: folder.path,
    RDSIAM_CONFIG: `${folder.path}/rdsiam.toml`,
  };
  const passfile = `${folder.path}/.pgpass`;
  return Object.assign(folder, { env, passfile });
}

Deno.test("pgpass sync does not count a MySQL target, which a passfile cannot hold", async () => {
  await using folder = await home();
  const { code, stdout, stderr } = await rdsiam(
    [
      "pgpass",
      "sync",
      "--json",
      "postgres://app@a.b.eu-west-1.rds.amazonaws.com",
      "mysql://app@c.d.eu-west-1.rds.amazonaws.com",
    ],
    { env: folder.env },
  );
  assert.equal(code, 0, stderr);
  const [{ targets }] = JSON.parse(stdout).written;
  assert.deepEqual(
    targets.map(({ name }: { name: string }) => name),
    ["app@a.b.eu-west-1.rds.amazonaws.com:5432/app"],
  );
  assert.match(
    stderr,
    /warning: No PostgreSQL, and so not in a passfile: app@c\.d/,
  );
});

Deno.test("pgpass names its own option for a file where there is no home", async () => {
  const { code, stderr } = await rdsiam(["pgpass", "list"], {
    env: { HOME: undefined },
  });
  assert.equal(code, 2);
  assert.equal(
    stderr,
    'error: Writer "pgpass" has no file by default\nhint: Name one: --file PATH\n',
  );
});

// security: sync-removal
Deno.test("pgpass sync adds an entry for each target, list shows them, and remove takes them out", async () => {
  await using folder = await home();
  const { env, passfile } = folder;
  await Deno.writeTextFile(passfile, FOREIGN, { mode: 0o600 });

  const synced = await rdsiam(["pgpass", "sync"], { env });
  assert.equal(synced.code, 0, synced.stderr);
  assert.equal(synced.stdout, "");
  assert.match(
    synced.stderr,
    /\.pgpass: orders, billing, good until \d\d:\d\d:\d\d\n$/,
  );
  const text = await Deno.readTextFile(passfile);
  assert.ok(text.startsWith(FOREIGN), text);
  assert.match(text, /^orders\.abc.*:5432:\*:app:orders.*X-Amz-Signature=/m);

  const listed = await rdsiam(["pgpass", "list"], { env });
  assert.match(
    listed.stdout,
    /^TARGET +EXPIRES +LEFT\norders +\S+Z +1[45]:\d\d\nbilling +\S+Z +1[45]:\d\d\n$/,
  );
  const json = JSON.parse(
    (await rdsiam(["pgpass", "list", "--json"], { env })).stdout,
  );
  assert.equal(json.path, passfile);
  assert.deepEqual(json.entries.map((e: { name: string }) => e.name), [
    "orders",
    "billing",
  ]);

  const removed = await rdsiam(["pgpass", "remove", "orders"], { env });
  assert.equal(removed.stderr, `${passfile}: orders taken out\n`);
  await rdsiam(["pgpass", "remove"], { env });
  const left = await Deno.readTextFile(passfile);
  assert.equal(left.trimEnd(), FOREIGN);
});

Deno.test("pgpass sync makes a missing passfile private, and tightens one that is too open", async () => {
  await using folder = await home();
  const { env, passfile } = folder;
  await rdsiam(["pgpass", "sync", "orders"], { env });
  assert.equal(await modeOf(passfile), "0600");
  await Deno.chmod(passfile, 0o644);
  const { stderr } = await rdsiam(["pgpass", "sync", "orders"], { env });
  assert.equal(await modeOf(passfile), "0600");
  assert.match(stderr, /^warning: .*0644.*0600/m);
});

Deno.test("pgpass sync leaves a file that is no passfile alone, and says where it stumbled", async () => {
  await using folder = await home();
  const { env } = folder;
  const path = `${folder.path}/binary`;
  await Deno.writeTextFile(path, "a:1:*:b:c\nx\0y\n", { mode: 0o600 });
  const args = ["pgpass", "sync", "orders", "--file", path];
  const { code, stderr } = await rdsiam(args, { env });
  assert.equal(code, 1);
  assert.match(stderr, /^error: File ".*binary" is left alone, line 2: /);
  assert.equal(await Deno.readTextFile(path), "a:1:*:b:c\nx\0y\n");
});

Deno.test("pgpass sync writes the targets it can, and exits with what is wrong with the others", async () => {
  await using folder = await home();
  const { env, passfile } = folder;
  const broken = { ...env, AWS_PROFILE: undefined };
  await Deno.writeTextFile(
    env.RDSIAM_CONFIG,
    `[targets.poor]
host = "${HOST}"
username = "poor"
profile = "nobody"
`,
    { append: true },
  );
  const { code, stdout, stderr } = await rdsiam(
    ["pgpass", "sync", "--json"],
    { env: broken },
  );
  assert.equal(code, 3);
  const result = JSON.parse(stdout);
  assert.deepEqual(
    result.written[0].targets.map(({ name }: { name: string }) => name),
    ["orders", "billing"],
  );
  assert.equal(result.failures[0].target, "poor");
  assert.match(stderr, /^error: poor: /m);
  assert.doesNotMatch(await Deno.readTextFile(passfile), /:poor:/);
});

Deno.test("pgpass remove suggests the name that may have been meant", async () => {
  await using folder = await home();
  const { env } = folder;
  await rdsiam(["pgpass", "sync", "orders"], { env });
  const { code, stderr } = await rdsiam(["pgpass", "remove", "oders"], { env });
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^error: Target "oders" is not in .*\.pgpass\nhint: Did you mean "orders"\?\n$/,
  );
});

Deno.test("pgpass sync --watch keeps psql able to log in past every expiry", async (t) => {
  if (await isMissing(t, "psql")) return;
  const lifetime = 4;
  await using emulator = await startEmulator("--token-lifetime", `${lifetime}`);
  await emulator.query("create role app login", "grant rds_iam to app");
  await using config = await awsConfig("");
  const script = `${config.folder}/credentials.sh`;
  await Deno.writeTextFile(
    script,
    `#!/bin/sh
iso=$(date -u -d "@$(( $(date +%s) + ${lifetime} ))" +%Y-%m-%dT%H:%M:%SZ)
printf '{"Version":1,"AccessKeyId":"${KEY.AWS_ACCESS_KEY_ID}","SecretAccessKey":"${KEY.AWS_SECRET_ACCESS_KEY}","Expiration":"%s"}' "$iso"
`,
    { mode: 0o700 },
  );
  await Deno.writeTextFile(
    `${config.folder}/config`,
    `[profile brief]\ncredential_process = ${script}\n`,
  );
  await using folder = await temporaryFolder();
  const passfile = `${folder.path}/pgpass`;
  await using watch = startWatch(
    [
      ...["pgpass", "sync", ...emulator.options, "-U", "app"],
      ...["--profile", "brief", "--file", passfile, "--remove-on-exit"],
    ],
    { env: config.env },
  );
  async function whoAmI() {
    const conninfo =
      `host=${emulator.host} hostaddr=127.0.0.1 port=${emulator.port} user=app dbname=postgres sslmode=verify-full sslrootcert=${emulator.ca}`;
    return await runProgram("psql", [
      ...["-XAtqw", conninfo, "-c", "select session_user"],
    ], { PGPASSFILE: passfile });
  }
  const first = await watch.next();
  assert.equal(first.event, "written");
  const before = await Deno.readTextFile(passfile);
  assert.deepEqual(await whoAmI(), { code: 0, output: "app\n" });
  // Each event is a renewal; after three, the first token has been dead for long.
  for (let renewal = 0; renewal < 3; renewal++) await watch.next();
  await emulator.query(`select pg_sleep(${lifetime})`);
  assert.deepEqual(await whoAmI(), { code: 0, output: "app\n" });
  assert.notEqual(await Deno.readTextFile(passfile), before);
  watch.kill("SIGTERM");
  assert.equal(await watch.exited, 0);
  await assert.rejects(Deno.stat(passfile), Deno.errors.NotFound);
});
