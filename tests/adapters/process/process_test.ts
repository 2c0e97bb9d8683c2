import assert from "node:assert/strict";
import { join } from "node:path";
import { systemProcesses } from "../../../adapters/process/process.ts";
import { ProgramError } from "../../../core/ports/program_error.ts";
import { startProgram } from "../deno_program.ts";
import { isMissing, skip } from "../../programs.ts";
import { temporaryFolder } from "../temporary_folder.ts";

const ENVIRONMENT = { PATH: Deno.env.get("PATH") ?? "" };

function sh(script: string, environment: Record<string, string> = ENVIRONMENT) {
  return systemProcesses.spawn(["sh", "-c", script], environment).exited;
}

Deno.test("systemProcesses tells the code that a program ends with", async () => {
  assert.deepEqual(await sh("exit 0"), { kind: "code", code: 0 });
  assert.deepEqual(await sh("exit 7"), { kind: "code", code: 7 });
  assert.deepEqual(await sh("exit 255"), { kind: "code", code: 255 });
});

Deno.test("systemProcesses tells the signal that ends a program", async () => {
  for (
    const [signal, number] of [["SIGKILL", 9], ["SIGTERM", 15], ["SIGPIPE", 13]]
  ) {
    assert.deepEqual(
      await sh(`kill -${number} $$`),
      { kind: "signal", signal, number },
    );
  }
});

Deno.test("systemProcesses gives a program its whole environment and no more", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "environment");
  await sh(`env >'${path}'`, {
    ...ENVIRONMENT,
    PGPASSWORD: "a=b c",
    LD_LIBRARY_PATH: "/nonexistent",
  });
  const names = (await Deno.readTextFile(path)).split("\n")
    .filter((line) => !/^(PWD|OLDPWD|SHLVL|_)=/.test(line) && line !== "");
  assert.deepEqual(names.sort(), [
    "LD_LIBRARY_PATH=/nonexistent",
    `PATH=${ENVIRONMENT.PATH}`,
    "PGPASSWORD=a=b c",
  ]);
});

Deno.test("systemProcesses hands arguments over as they are", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "arguments");
  const args = ["a b", "", "$HOME", "--", "'\"\\", "é"];
  await systemProcesses.spawn(
    ["sh", "-c", `printf '%s\\n' "$@" >'${path}'`, "sh", ...args],
    ENVIRONMENT,
  ).exited;
  assert.equal(await Deno.readTextFile(path), `${args.join("\n")}\n`);
});

Deno.test("systemProcesses looks a program up in the PATH that it gives it", async () => {
  await using folder = await temporaryFolder();
  await writeProgram(join(folder.path, "only-here"), "#!/bin/sh\nexit 9\n");
  const { exited } = systemProcesses.spawn(["only-here"], {
    PATH: folder.path,
  });
  assert.deepEqual(await exited, { kind: "code", code: 9 });
});

Deno.test("systemProcesses gives a program no signal that is blocked, nor SIGPIPE ignored as Deno has it", async (t) => {
  if (Deno.build.os !== "linux") return skip(t, "there is no /proc");
  await using folder = await temporaryFolder();
  const path = join(folder.path, "signals");
  await sh(`grep -E '^Sig(Blk|Ign)' /proc/self/status >'${path}'`);
  const [blocked, ignored] =
    (await Deno.readTextFile(path)).match(/[0-9a-f]{16}/g) ?? [];
  assert.equal(BigInt(`0x${blocked}`), 0n);
  assert.equal(BigInt(`0x${ignored}`) >> 12n & 1n, 0n);
});

/** What cannot be started: the shell's exit code, and the message. */
const FAILURES = [{
  name: "a program that is not found",
  program: () => "no-such-program",
  exitCode: 127,
  message: 'Program "no-such-program" cannot be started: it is not found',
  hint: "Check its name and PATH",
}, {
  name: "a folder",
  program: () => "/etc",
  exitCode: 126,
  message: 'Program "/etc" cannot be executed',
  hint: "It must be a program file with the right to execute it",
}, {
  name: "a file without the right to execute it",
  program: () => "/etc/passwd",
  exitCode: 126,
  message: 'Program "/etc/passwd" cannot be executed',
  hint: "It must be a program file with the right to execute it",
}];

for (const { name, program, exitCode, message, hint } of FAILURES) {
  Deno.test(`systemProcesses refuses ${name}, and stops listening to signals`, () => {
    assert.throws(
      () => systemProcesses.spawn([program()], ENVIRONMENT),
      (error) => {
        assert.ok(error instanceof ProgramError);
        assert.equal(error.exitCode, exitCode);
        assert.equal(error.message, message);
        assert.equal(error.hint, hint);
        return true;
      },
    );
  });
}

for (const signal of ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"] as const) {
  Deno.test(`systemProcesses passes ${signal} on, and lives on until the program ends`, async () => {
    const trap = `trap 'echo got it' ${signal.slice(3)}`;
    // A trapped signal ends the first "wait", and the pipe's end the second.
    const script = `${trap}; cat "$1" & echo ready; wait $!; wait $!`;
    await using folder = await temporaryFolder();
    const fifo = join(folder.path, "fifo");
    await new Deno.Command("mkfifo", { args: [fifo] }).output();
    await using program = startProgram("spawn_program.ts", [
      "sh",
      "-c",
      script,
      "sh",
      fifo,
    ]);
    assert.equal(await program.read(), "ready\n");
    program.child.kill(signal);
    assert.equal(await program.read(), "got it\n");
    await Deno.writeTextFile(fifo, "");
    assert.equal(await program.read(), '{"kind":"code","code":0}\n');
    assert.equal((await program.child.status).code, 0);
  });
}

Deno.test("systemProcesses tells that a program which it passed a signal on to died of it", async () => {
  await using program = startProgram("spawn_program.ts", [
    "sh",
    "-c",
    "echo ready; exec sleep 60",
  ]);
  assert.equal(await program.read(), "ready\n");
  program.child.kill("SIGTERM");
  assert.equal(
    await program.read(),
    '{"kind":"signal","signal":"SIGTERM","number":15}\n',
  );
});

Deno.test("systemProcesses passes SIGINT and SIGQUIT on where there is no terminal", async (t) => {
  if (await isMissing(t, "setsid")) return;
  for (const signal of ["SIGINT", "SIGQUIT"] as const) {
    // setsid forks in a process group's leader alone, and this is none: its number is the program's.
    await using program = startProgram(
      "spawn_program.ts",
      [
        "sh",
        "-c",
        "echo ready; exec sleep 60",
      ],
      {},
      ["setsid"],
    );
    assert.equal(await program.read(), "ready\n");
    program.child.kill(signal);
    const status = JSON.parse(await program.read() ?? "");
    assert.equal(status.signal, signal);
  }
});

Deno.test("systemProcesses leaves the program running when this one is killed", async () => {
  await using folder = await temporaryFolder();
  const fifo = join(folder.path, "fifo");
  await new Deno.Command("mkfifo", { args: [fifo] }).output();
  await using program = startProgram("spawn_program.ts", [
    "sh",
    "-c",
    'echo ready; read -r line <"$1"; echo "$line"',
    "sh",
    fifo,
  ]);
  assert.equal(await program.read(), "ready\n");
  program.child.kill("SIGKILL");
  await program.child.status;
  await Deno.writeTextFile(fifo, "still here\n");
  assert.equal(await program.read(), "still here\n");
});

async function writeProgram(path: string, text: string) {
  await Deno.writeTextFile(path, text);
  await Deno.chmod(path, 0o755);
}
