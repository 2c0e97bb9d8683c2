import assert from "node:assert/strict";
import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { isMissing } from "../../programs.ts";
import { KEY, RDSIAM, rdsiam } from "../rdsiam.ts";
import { Terminal } from "../terminal.ts";
import { startWatch } from "./watch.ts";

/** A folder with a configuration file, which is the home, too. */
async function configured(toml: string) {
  const folder = await temporaryFolder();
  const path = `${folder.path}/rdsiam.toml`;
  await Deno.writeTextFile(path, toml);
  return Object.assign(folder, {
    toml: path,
    env: { HOME: folder.path, RDSIAM_CONFIG: path },
  });
}

function target(name: string): string {
  return `[targets.${name}]
host = "${name}.abcdefghijkl.eu-west-1.rds.amazonaws.com"
username = "app"
`;
}

Deno.test("sync writes every [[sync]] of the configuration, and runs its command after a change", async () => {
  await using folder = await configured(`
${target("orders")}
${target("billing")}
[[sync]]
writer = "pgpass"
path = "passwords"
on_refresh = "printf %s \\"$RDSIAM_CHANGED\\" > $HOME/changed"

[[sync]]
writer = "password-file"
path = "orders.token"
targets = ["orders"]
`);
  const { code, stdout, stderr } = await rdsiam(["sync", "--json"], folder);
  assert.equal(code, 0, stderr);
  const { written } = JSON.parse(stdout);
  assert.deepEqual(
    written.map((w: { writer: string; path: string }) => [w.writer, w.path]),
    [
      ["pgpass", `${folder.path}/passwords`],
      ["password-file", `${folder.path}/orders.token`],
    ],
  );
  const token = await Deno.readTextFile(`${folder.path}/orders.token`);
  assert.match(token, /^orders\.abc.*X-Amz-Signature=[0-9a-f]{64}/);
  assert.equal(
    await Deno.readTextFile(`${folder.path}/changed`),
    `${folder.path}/passwords`,
  );
});

Deno.test("sync takes a target and writers by option, to standard output and to a command", async () => {
  await using folder = await configured(target("orders"));
  const { code, stdout, stderr } = await rdsiam([
    ...["sync", "orders", "--writer", "password-file=-"],
    ...["--writer", "json=|cat > $HOME/out.json"],
  ], folder);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^orders\.abc\S+$/);
  const text = await Deno.readTextFile(`${folder.path}/out.json`);
  assert.ok(text.includes("X-Amz-Signature="), text);
});

Deno.test("sync writes the address of a tunnel that is configured by name", async () => {
  await using folder = await configured(
    `${target("orders")}connect = "localhost:15432"\n`,
  );
  const { code, stdout, stderr } = await rdsiam(
    [
      "sync",
      "--writer",
      "env=-",
      "--writer",
      `pgpass=${folder.path}/passwords`,
    ],
    { env: folder.env },
  );
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^PGHOSTADDR=127\.0\.0\.1$/m);
  const path = `${folder.path}/passwords`;
  const text = await Deno.readTextFile(path);
  for (const host of ["localhost", "127\\.0\\.0\\.1", "orders\\.abc[^:]*"]) {
    assert.match(text, new RegExp(`^${host}:15432:\\*:app:`, "m"));
  }
});

Deno.test("sync --remove takes out what was put in", async () => {
  await using folder = await configured(target("orders"));
  const path = `${folder.path}/passwords`;
  await Deno.writeTextFile(path, "a:1:*:b:c\n", { mode: 0o600 });
  const args = ["sync", "--writer", `pgpass=${path}`];
  await rdsiam(args, folder);
  assert.match(await Deno.readTextFile(path), /X-Amz/);
  const { stderr } = await rdsiam([...args, "--remove"], folder);
  assert.equal(stderr, `${path}: taken out\n`);
  assert.equal(await Deno.readTextFile(path), "a:1:*:b:c\n");
});

for (
  const [what, args, toml, expected] of [
    [
      "no file to keep fresh",
      [],
      target("orders"),
      "error: No file to keep fresh is named\nhint: Pass --writer NAME=PATH, or write a [[sync]] into the configuration file; rdsiam writers lists the writers\n",
    ],
    [
      "a misspelt writer",
      ["--writer", "pgpas"],
      target("orders"),
      'error: Writer "pgpas" is not known\nhint: Did you mean "pgpass"?\n',
    ],
    [
      "an option of no writer",
      ["--option", "a=b"],
      target("orders"),
      "error: --option belongs to no writer\nhint: Write it after the --writer that it is for\n",
    ],
    [
      "a file that is asked for twice",
      ["--writer", "pgpass=/tmp/x", "--writer", "json=/tmp/x"],
      target("orders"),
      'error: File "/tmp/x" is written by two writers, pgpass and json\nhint: Give each file once, with all of its targets\n',
    ],
    [
      "an option that has no such value",
      ["--writer", "env=x", "--option", "format=shel"],
      target("orders"),
      'error: Writer "env" cannot be made: option "format" is "shel", and must be dotenv or shell\n',
    ],
    [
      "standard output for a writer and for --json",
      ["--writer", "url=-", "--json"],
      target("orders"),
      "error: --json and a writer to standard output exclude each other\nhint: Leave --json out, or name a file instead of -\n",
    ],
    [
      "a target that is misspelt in a [[sync]]",
      [],
      `${target("orders")}\n[[sync]]\nwriter = "pgpass"\ntargets = ["oders"]\n`,
      'error: Target "oders" is not known\nhint: Did you mean "orders"? rdsiam targets lists the configured ones\n',
    ],
    [
      "a misspelt target",
      ["oders"],
      `${target("orders")}\n[[sync]]\nwriter = "pgpass"\n`,
      'error: Target "oders" is not known\nhint: Did you mean "orders"? rdsiam targets lists the configured ones\n',
    ],
    [
      "a target that no [[sync]] has",
      ["billing"],
      `${target("orders")}\n${
        target("billing")
      }\n[[sync]]\nwriter = "pgpass"\ntargets = ["orders"]\n`,
      "error: No [[sync]] of the configuration has the target billing\nhint: Name a file with --writer NAME=PATH, or add the target there\n",
    ],
    [
      "--remove-on-exit without --watch",
      ["--writer", "pgpass", "--remove-on-exit"],
      target("orders"),
      "error: --remove-on-exit is for --watch\nhint: Pass --watch, or take entries out with rdsiam pgpass remove\n",
    ],
  ] as const
) {
  Deno.test(`sync refuses ${what}`, async () => {
    await using folder = await configured(toml);
    const { code, stdout, stderr } = await rdsiam(["sync", ...args], folder);
    assert.deepEqual({ code, stdout, stderr }, {
      code: 2,
      stdout: "",
      stderr: expected,
    });
  });
}

Deno.test("sync --watch follows the configuration, renews on SIGHUP and ends on SIGINT", async () => {
  await using folder = await configured(
    `${target("orders")}\n[[sync]]\nwriter = "pgpass"\npath = "passwords"\n`,
  );
  await using watch = startWatch(["sync"], folder);
  const path = `${folder.path}/passwords`;
  assert.equal((await watch.next()).event, "written");
  const before = await Deno.readTextFile(path);

  await Deno.writeTextFile(folder.toml, target("billing"), { append: true });
  assert.equal((await watch.next()).event, "reloaded");
  const written = await watch.next();
  assert.deepEqual(
    (written.targets as { name: string }[]).map(({ name }) => name),
    ["orders", "billing"],
  );
  // SIGHUP reads the configuration again, too.
  watch.kill("SIGHUP");
  assert.equal((await watch.next()).event, "reloaded");
  assert.equal((await watch.next()).event, "written");
  assert.notEqual(await Deno.readTextFile(path), before);

  await Deno.writeTextFile(folder.toml, "targets = 1\n");
  const failed = await watch.next();
  assert.equal(failed.event, "failed");
  assert.match(String(failed.error), /rdsiam\.toml/);

  watch.kill("SIGINT");
  assert.equal((await watch.next()).event, "stopped");
  assert.equal(await watch.exited, 0);
  assert.match(await Deno.readTextFile(path), /billing\.abc/);
});

Deno.test("sync --watch shows the time left on a terminal, and ends with Ctrl-C", async (t) => {
  if (await isMissing(t, "tmux")) return;
  await using folder = await configured(target("orders"));
  await using terminal = await Terminal.open({ ...KEY, ...folder.env });
  const command = RDSIAM.map((word) => `'${word}'`).join(" ");
  await terminal.enter(
    `${command} pgpass sync --watch --file $HOME/passwords`,
  );
  await terminal.see(/passwords: orders, good until [\d:]+\norders 14:\d\d $/);
  await terminal.press("C-c");
  await terminal.see(/passwords: orders, good until [\d:]+\n[^\n]*ready> $/);
});
