import assert from "node:assert/strict";
import { join } from "node:path";
import { run } from "../../../cli/run.ts";
import { commandText, ownCommand } from "../../../cli/frame/own_command.ts";
import { writeProgram } from "../../adapters/release/program.ts";
import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { settle, workingContext } from "../../fakes.ts";

/** A folder on PATH, and a context whose processes are fake. */
async function world() {
  const folder = await temporaryFolder();
  const environment = { PATH: folder.path, HOME: "/home/app" };
  const working = workingContext({ environment });
  return {
    ...working,
    environment,
    async program(name: string) {
      const path = join(folder.path, name);
      await writeProgram(path, "true");
      return path;
    },
    [Symbol.asyncDispose]: folder[Symbol.asyncDispose],
  };
}

Deno.test("run() runs rdsiam-NAME of PATH with its arguments as they are, and ends as it does", async () => {
  await using here = await world();
  const path = await here.program("rdsiam-hello");
  here.processes.end({ kind: "code", code: 7 });
  const args = ["hello", "--help", "-h", "a b", "--", ""];
  assert.equal(await run(args, here.context), 7);
  assert.deepEqual(here.processes.spawned, [{
    command: [path, ...args.slice(1)],
    environment: { ...here.environment, RDSIAM: commandText(ownCommand()) },
  }]);
  assert.equal(here.stderr.text + here.stdout.text, "");
});

Deno.test("run() ends as a shell does when a signal ended rdsiam-NAME", async () => {
  await using here = await world();
  await here.program("rdsiam-hello");
  here.processes.end({ kind: "signal", signal: "SIGTERM", number: 15 });
  assert.equal(await run(["hello"], here.context), 143);
});

Deno.test("run() keeps its own commands, and takes no writer and no path for a command", async () => {
  await using here = await world();
  for (const name of ["token", "help", "writer-x", "hello"]) {
    await here.program(`rdsiam-${name}`);
  }
  for (
    const name of ["writer-x", "../rdsiam-hello", "hello.", "--hello", "x"]
  ) {
    assert.equal(await run([name], here.context), 2, name);
  }
  assert.equal(await run(["help"], here.context), 0);
  assert.equal(await run(["token", "--help"], here.context), 0);
  await settle();
  assert.deepEqual(here.processes.spawned, []);
});

// security: outside-command-trusted
Deno.test("run() runs no rdsiam-NAME that others can write to", async () => {
  await using here = await world();
  const path = await here.program("rdsiam-hello");
  await Deno.chmod(path, 0o775);
  assert.equal(await run(["hello"], here.context), 2);
  assert.equal(
    here.stderr.text,
    `error: Plugin "${path}" is refused: others can write to "${path}", its mode is 0775\nhint: chmod go-w "${path}"\n`,
  );
  assert.deepEqual(here.processes.spawned, []);
});
