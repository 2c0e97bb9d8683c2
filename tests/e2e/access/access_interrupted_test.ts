import assert from "node:assert/strict";
import { type AccessEmulator, startAccess } from "./access.ts";
import { environment, RDSIAM } from "../rdsiam.ts";

let emulator: AccessEmulator;

Deno.test.beforeAll(async () => {
  emulator = await startAccess();
});

Deno.test.afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
});

/** Starts setup-db where another session keeps it waiting. */
async function blocked(work: (child: Deno.ChildProcess) => Promise<void>) {
  const sql = emulator.connect();
  await sql.unsafe("select pg_advisory_lock(125775758582125)");
  const [program, ...args] = RDSIAM;
  const child = new Deno.Command(program, {
    args: [
      ...args,
      "setup-db",
      ...emulator.options,
      "-d",
      "postgres",
      "-U",
      "late",
      "--admin-url",
      `postgres://postgres@${emulator.host}`,
    ],
    env: environment({ PGPASSWORD: emulator.master.password }),
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  try {
    await emulator.untilActive(
      "postgres",
      "pg_advisory_xact_lock(125775758582125)",
    );
    await work(child);
  } finally {
    await sql.end();
  }
}

Deno.test("setup-db leaves nothing half done when the connection is lost", async () => {
  await blocked(async (child) => {
    await emulator.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'rdsiam'",
    );
    const { code, stderr } = await child.output();
    assert.equal(
      new TextDecoder().decode(stderr),
      "error: The connection to the database was lost: nothing changed\nhint: Run the same again\n",
    );
    assert.equal(code, 4);
  });
  assert.deepEqual(
    await emulator.ask("select count(*) from pg_roles where rolname = 'late'"),
    ["0"],
  );
});

Deno.test("setup-db leaves nothing half done when it is interrupted", async () => {
  await blocked(async (child) => {
    child.kill("SIGINT");
    const { code, stderr } = await child.output();
    assert.equal(
      new TextDecoder().decode(stderr),
      "error: Stopped before the end: nothing changed\n",
    );
    assert.equal(code, 1);
  });
  assert.deepEqual(
    await emulator.ask("select count(*) from pg_roles where rolname = 'late'"),
    ["0"],
  );
});
