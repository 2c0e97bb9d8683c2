import assert from "node:assert/strict";
import { run } from "../../../cli/run.ts";
import { ProgramError } from "../../../core/ports/program_error.ts";
import type { ExitStatus } from "../../../core/ports/process.ts";
import { FakeResolver, workingContext } from "../../fakes.ts";

const HOST = "orders.abc.eu-west-1.rds.amazonaws.com";
const WHOLE = ["-h", HOST, "-U", "app"];

async function exec(
  args: string[],
  status: ExitStatus = { kind: "code", code: 0 },
  environment: Record<string, string> = {},
) {
  const resolver = new FakeResolver({}, { bastion: "10.0.0.5" });
  const world = workingContext({ environment, resolver });
  world.processes.end(status);
  const code = await run(["exec", ...args], world.context);
  const { processes, folder, stdout, stderr } = world;
  const [spawned] = processes.spawned;
  return { code, spawned, folder, stdout: stdout.text, stderr: stderr.text };
}

Deno.test("exec passes on the child's exit code", async () => {
  const rows: [ExitStatus, number][] = [
    [{ kind: "code", code: 0 }, 0],
    [{ kind: "code", code: 7 }, 7],
    [{ kind: "signal", signal: "SIGINT", number: 2 }, 130],
    [{ kind: "signal", signal: "SIGTERM", number: 15 }, 143],
  ];
  for (const [status, expected] of rows) {
    const { code, stdout, stderr, folder } = await exec(
      [...WHOLE, "--", "psql"],
      status,
    );
    assert.deepEqual([code, stdout, stderr], [expected, "", ""]);
    assert.equal(folder.isDisposed, true);
  }
});

Deno.test("exec leaves the child's own options alone", async () => {
  const { spawned } = await exec(
    [...WHOLE, "--", "psql", "-h", "x", "--help", "--", "--via", "y"],
  );
  assert.deepEqual(spawned?.command, [
    "psql",
    "-h",
    "x",
    "--help",
    "--",
    "--via",
    "y",
  ]);
  assert.equal(spawned?.environment.PGHOST, HOST);
});

Deno.test("exec takes the certificate bundle that rdsiam carries", async () => {
  const { folder } = await exec([...WHOLE, "--", "psql"]);
  assert.match(folder.content("rds-ca.pem") ?? "", /^-----BEGIN CERTIFICATE/);
});

Deno.test("exec adds the roots of a region that rdsiam carries none for", async () => {
  const host = "a.b.us-gov-west-1.rds.amazonaws.com";
  const { folder } = await exec(["-h", host, "-U", "app", "--", "psql"]);
  assert.match(
    folder.content("rds-ca.pem") ?? "",
    /^-----BEGIN CERTIFICATE[^]+-----\nroots of us-gov-west-1$/,
  );
});

Deno.test("exec needs no further roots for RDS Proxy in such a region", async () => {
  const host = "a.proxy-b.us-gov-west-1.rds.amazonaws.com";
  const { folder } = await exec(["-h", host, "-U", "app", "--", "psql"]);
  assert.match(
    folder.content("rds-ca.pem") ?? "",
    /-----END CERTIFICATE-----\n$/,
  );
});

Deno.test("exec looks the address to dial up", async () => {
  const { spawned } = await exec(
    [...WHOLE, "--connect", "bastion:15432", "--", "psql"],
  );
  assert.equal(spawned?.environment.PGHOSTADDR, "10.0.0.5");
  assert.equal(spawned?.environment.PGPORT, "15432");
});

Deno.test("exec --via password puts a token into the environment", async () => {
  const { spawned } = await exec([...WHOLE, "--via=password", "--", "psql"]);
  assert.equal(spawned?.environment.PGPASSWORD, "token-1");
});

const DASHES =
  "hint: Write the command to run after two dashes: rdsiam exec [target] -- psql\n";

Deno.test("exec wants a command, after two dashes", async () => {
  for (
    const args of [
      [],
      WHOLE,
      [...WHOLE, "psql"],
      ["orders", "psql", "x"],
      [...WHOLE, "--"],
      [...WHOLE, "--", ""],
    ]
  ) {
    const { code, stderr, spawned } = await exec(args);
    assert.equal(code, 2);
    assert.equal(stderr, `error: The command to run is missing\n${DASHES}`);
    assert.equal(spawned, undefined);
  }
});

Deno.test("exec speaks of the dashes when the child's options are not known", async () => {
  const { code, stderr } = await exec([...WHOLE, "psql", "-c", "SELECT 1"]);
  assert.equal(code, 2);
  assert.equal(stderr, `error: Unknown option "-c"\n${DASHES}`);
});

Deno.test("exec refuses a second target", async () => {
  const { code, stderr } = await exec([...WHOLE, "a", "b", "--", "psql"]);
  assert.equal(code, 2);
  assert.equal(
    stderr,
    'error: Too many arguments for "exec"\nhint: Run rdsiam --help, or rdsiam COMMAND --help\n',
  );
});

Deno.test("exec refuses a way that it does not know", async () => {
  const { code, stderr } = await exec([...WHOLE, "--via", "magic", "--", "x"]);
  assert.equal(code, 2);
  assert.equal(
    stderr,
    'error: --via "magic" is not known\nhint: Known: passfile, password, proxy\n',
  );
});

Deno.test("exec warns of variables that it takes out, unless quiet", async () => {
  const environment = { PGPASSWORD: "hunter2" };
  const status: ExitStatus = { kind: "code", code: 0 };
  const { stderr } = await exec([...WHOLE, "--", "psql"], status, environment);
  assert.equal(
    stderr,
    "warning: PGPASSWORD of the environment is left out: it would stand in the way of the login that is injected\n",
  );
  const quiet = [...WHOLE, "--quiet", "--", "psql"];
  assert.equal((await exec(quiet, status, environment)).stderr, "");
});

Deno.test("exec exits as a shell does when the program cannot be started", async () => {
  for (const code of [126, 127] as const) {
    const { context, processes, folder, stderr } = workingContext();
    processes.error = new ProgramError(code, 'Program "x" cannot be started');
    const args = ["exec", ...WHOLE, "--", "x"];
    assert.equal(await run(args, context), code);
    assert.equal(stderr.text, 'error: Program "x" cannot be started\n');
    assert.equal(folder.isDisposed, true);
  }
});

Deno.test("exec shows no token, however much it tells", async () => {
  const { stdout, stderr } = await exec([...WHOLE, "--verbose", "--", "psql"]);
  assert.equal(stdout, "");
  assert.match(stderr, /target: app at /);
  assert.equal(stderr.includes("token-1"), false);
});
