import assert from "node:assert/strict";
import { run } from "../../../cli/run.ts";
import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { workingContext } from "../../fakes.ts";

const WHOLE = ["-h", "orders.abc.eu-west-1.rds.amazonaws.com", "-U", "app"];

/** Runs `connect` where these clients are installed. */
async function connect(args: string[], clients: string[]) {
  await using folder = await temporaryFolder();
  for (const client of clients) {
    await Deno.writeTextFile(`${folder.path}/${client}`, "", { mode: 0o755 });
  }
  const world = workingContext({ environment: { PATH: folder.path } });
  world.processes.end({ kind: "code", code: 3 });
  const code = await run(["connect", ...WHOLE, ...args], world.context);
  const [spawned] = world.processes.spawned;
  return { code, spawned, stderr: world.stderr.text };
}

Deno.test("connect opens psql with the login, and passes on what follows the dashes and the exit code", async () => {
  const { code, spawned } = await connect(
    ["--", "-c", "select 1", "--", "-x"],
    ["psql"],
  );
  assert.deepEqual(spawned?.command, ["psql", "-c", "select 1", "--", "-x"]);
  assert.equal(spawned?.environment.PGUSER, "app");
  assert.match(spawned?.environment.PGPASSFILE ?? "", /./);
  assert.equal(code, 3);
});

Deno.test("connect opens MySQL's and MariaDB's own client, or the other's where that is there alone", async () => {
  const program = async (engine: string, ...clients: string[]) =>
    (await connect(["--engine", engine], clients)).spawned?.command[0];
  assert.equal(await program("mysql", "mysql", "mariadb"), "mysql");
  assert.equal(await program("mysql", "mariadb"), "mariadb");
  assert.equal(await program("mariadb", "mysql", "mariadb"), "mariadb");
  assert.equal(await program("mariadb", "mysql"), "mysql");
});

Deno.test("connect --client names another program", async () => {
  const { spawned } = await connect(["--client", "pgcli"], []);
  assert.deepEqual(spawned?.command, ["pgcli"]);
});

Deno.test("connect says what to install where there is no client", async () => {
  const { code, stderr } = await connect([], []);
  assert.equal(code, 127);
  assert.match(
    stderr,
    /^error: No postgres client is installed: psql is not found\nhint: Install psql \(apt install postgresql-client, .*\), or name another client with --client PROGRAM\n$/,
  );
});
