import assert from "node:assert/strict";
import { checkCommandLine, run } from "../../cli/run.ts";
import { fakeContext, FakeOutput } from "../fakes.ts";
import { assertRefusesLater } from "../rdsiam_error.ts";

const HELP_HINT = "Run rdsiam --help, or rdsiam COMMAND --help";

/** Runs a command line that needs nothing from outside. */
async function call(...args: string[]) {
  const { context, stdout, stderr } = fakeContext();
  const code = await run(args, context);
  return { code, stdout: stdout.text, stderr: stderr.text };
}

async function assertUsageError(
  args: string[],
  message: string,
  hint = HELP_HINT,
) {
  assert.deepEqual(await call(...args), {
    code: 2,
    stdout: "",
    stderr: `error: ${message}\nhint: ${hint}\n`,
  });
}

Deno.test("run() prints the version", async () => {
  const { code, stdout, stderr } = await call("--version");
  assert.match(stdout, /^rdsiam \d+\.\d+\.\d+\n$/);
  assert.deepEqual([code, stderr], [0, ""]);
});

Deno.test("run() leaves the --version of upgrade to upgrade", async () => {
  await assertUsageError(
    ["upgrade", "--version", "../x"],
    "The --version is not valid",
    "Give it as 0.1.0",
  );
});

Deno.test("run() prints help on standard output, for every command, and opens nothing", async () => {
  const commands = [
    [],
    ["token"],
    ["exec"],
    ["emulator"],
    ["rds"],
    ["rds", "generate-db-auth-token"],
    ["targets"],
    ["targets", "show"],
    ["targets", "add"],
    ["targets", "remove"],
    ["upgrade"],
  ];
  for (const command of commands) {
    const { code, stdout, stderr } = await call(...command, "--help");
    assert.equal(code, 0);
    assert.equal(stderr, "");
    assert.ok(
      stdout.startsWith(`Usage: ${["rdsiam", ...command].join(" ")} [`),
      stdout,
    );
    assert.match(stdout, /\n {2}--help +print this help\n/);
  }
});

Deno.test("run() prints the same help for help COMMAND", async () => {
  for (const command of ["token", "exec", "emulator", "rds"]) {
    assert.deepEqual(
      await call("help", command),
      await call(command, "--help"),
    );
  }
});

Deno.test("run() refuses help on an unknown command and suggests the nearest", async () => {
  await assertUsageError(
    ["help", "setupdb"],
    'Unknown command "setupdb"',
    "Did you mean setup-db?",
  );
  await assertUsageError(
    ["help", "frobnicate"],
    'Unknown command "frobnicate"',
  );
  await assertUsageError(["help", "postgres://a:hunter2@h"], "Unknown command");
});

Deno.test("run() prints options and examples in the help of a command", async () => {
  for (const command of ["token", "exec", "emulator"]) {
    const { stdout } = await call(command, "--help");
    assert.match(stdout, /\n {2}--quiet +print nothing but errors\n/);
    assert.match(stdout, /\nExamples:\n {2}.*rdsiam /);
  }
});

Deno.test("run() refuses --quiet with --verbose, and --json where there is nothing to print", async () => {
  assert.deepEqual(await call("token", "--quiet", "--verbose"), {
    code: 2,
    stdout: "",
    stderr: "error: --quiet and --verbose exclude each other\n",
  });
  await assertUsageError(
    ["exec", "--json", "--", "psql"],
    'Unknown option "--json"',
  );
  await assertUsageError(
    "rds generate-db-auth-token --hostname h --port 1 --username u --json"
      .split(" "),
    'Unknown option "--json"',
  );
});

Deno.test("checkCommandLine() takes what could be run, and refuses what could not", async () => {
  const { context } = fakeContext({ environment: { PATH: "/nonexistent" } });
  for (
    const line of [
      "sync --watch",
      "pgpass sync --watch orders",
      "proxy orders --listen 127.0.0.1:6000",
      "exec orders -- ./server --json",
    ]
  ) {
    await checkCommandLine(line.split(" "), context);
  }
  const rows = [
    ["snyc --watch", 'Unknown command "snyc"', "Did you mean sync?"],
    ["pgpass snyc", 'Unknown command "snyc"', "Did you mean sync?"],
    ["sync --wach", 'Unknown option "--wach"', "Did you mean --watch?"],
    [
      "pgpass",
      'Command "pgpass" is incomplete',
      "Run rdsiam --help, or rdsiam COMMAND --help",
    ],
    [
      "sync --help",
      'Command "sync" is incomplete',
      "Run rdsiam --help, or rdsiam COMMAND --help",
    ],
  ] as const;
  for (const [line, message, hint] of rows) {
    await assertRefusesLater(checkCommandLine(line.split(" "), context), {
      message,
      hint,
    });
  }
});

Deno.test("run() prints help as an error when it is given nothing to do", async () => {
  for (const args of [[], ["rds"]]) {
    const { code, stdout, stderr } = await call(...args);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, /^Usage: rdsiam /);
    assert.doesNotMatch(stderr, /error:/);
  }
});

Deno.test("run() suggests the nearest command", async () => {
  await assertUsageError(
    ["tokn"],
    'Unknown command "tokn"',
    "Did you mean token?",
  );
  await assertUsageError(["frobnicate"], 'Unknown command "frobnicate"');
});

Deno.test("run() suggests the nearest option", async () => {
  await assertUsageError(
    ["token", "--usrname", "app"],
    'Unknown option "--usrname"',
    "Did you mean --username?",
  );
  await assertUsageError(
    ["token", "--frobnicate"],
    'Unknown option "--frobnicate"',
  );
});

Deno.test("help a b is a b --help", async () => {
  const one = fakeContext();
  const other = fakeContext();
  assert.equal(await run(["help", "pgpass", "sync"], one.context), 0);
  assert.equal(await run(["pgpass", "sync", "--help"], other.context), 0);
  assert.match(one.stdout.text, /^Usage: rdsiam pgpass sync /);
  assert.equal(one.stdout.text, other.stdout.text);
});

Deno.test("run() refuses an argument whose bytes are no UTF-8", async () => {
  await assertUsageError(
    ["token", "-U", "caf\ufffd"],
    "Argument 3 holds bytes that are not UTF-8",
    "Write it in UTF-8: see the settings LANG and LC_ALL of the shell",
  );
});

Deno.test("-h alone prints the help, and version the version", async () => {
  const { context, stdout } = fakeContext();
  assert.equal(await run(["-h"], context), 0);
  assert.match(stdout.text, /^Usage: rdsiam[^]*\nNext:\n {2}rdsiam targets/);
  const other = fakeContext();
  assert.equal(await run(["version"], other.context), 0);
  assert.match(other.stdout.text, /^rdsiam \d+\.\d+\.\d+\S*\n$/);
});

Deno.test("run() refuses options before the command that the command does not know", async () => {
  await assertUsageError(["--purge", "token"], 'Unknown option "--purge"');
});

Deno.test("run() refuses an option without its value", async () => {
  await assertUsageError(
    ["token", "--host"],
    'Option "-h, --host <host>" needs a value',
  );
});

Deno.test("run() refuses too many arguments", async () => {
  await assertUsageError(["token", "a", "b"], 'Too many arguments for "token"');
});

Deno.test("run() refuses a missing option of rds generate-db-auth-token", async () => {
  await assertUsageError(
    ["rds", "generate-db-auth-token"],
    'Required option "--hostname <host>" not specified',
  );
});

Deno.test("run() repeats no password that stands in a wrong place", async () => {
  const url = "postgres://app:hunter2@db.example:5432/orders";
  const lines = [
    [url],
    ["token", url],
    ["token", "x", url],
    ["token", "postgres:/app:hunter2@host"],
    ["token", "host=x password=hunter2"],
    ["token", "--password=hunter2"],
    ["token", `--url=${url}`],
    ["token", "postgres://h/?password=hunter2"],
    ["exec", url, "--", "psql"],
    ["exec", "x", url, "--", "psql"],
    ["exec", "--pasword=hunter2", "--", "psql"],
    ["emulator", "--master", "hunter2"],
    ["emulator", "--access-key", "hunter2"],
    ["emulator", "--access-key", "AKIA:hunter2:a:b"],
    ["emulator", "hunter2"],
    ["rds", url],
  ];
  for (const line of lines) {
    const { code, stdout, stderr } = await call(...line);
    assert.equal(code, 2, line.join(" "));
    assert.equal(stdout, "");
    assert.match(stderr, /^error: [^\n]+\nhint: [^\n]+\n$/);
    assert.equal(stderr.includes("hunter2"), false, stderr);
  }
});

Deno.test("run() fails silently when nobody reads its output any more", async () => {
  const stdout = new FakeOutput();
  stdout.write = () => {
    throw new Deno.errors.BrokenPipe("Broken pipe");
  };
  const { context, stderr } = fakeContext({ stdout });
  assert.equal(await run(["--help"], context), 1);
  assert.equal(stderr.text, "");
});

Deno.test("run() shows the stack of an error with RDSIAM_DEBUG=1 alone", async () => {
  for (const [value, isShown] of [["1", true], ["", false]] as const) {
    const { context, stderr } = fakeContext({
      environment: { RDSIAM_DEBUG: value },
    });
    assert.equal(await run(["token"], context), 2);
    assert.equal(/\n {4}at /.test(stderr.text), isShown);
  }
});
