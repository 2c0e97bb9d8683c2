import assert from "node:assert/strict";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import {
  SupervisedProcess,
  type SupervisedProcessOptions,
} from "../../../adapters/local_server/supervised_process.ts";
import { isRunning, namesIn } from "../postgres_server/fixture.ts";
import { temporaryFolder } from "../temporary_folder.ts";

/** A program with its own way to take an interrupt: a shell's would ignore it, as it is started in the background. */
const INTERRUPTIBLE = [
  "/usr/bin/env",
  `HOME=${Deno.env.get("HOME") ?? "/"}`,
  Deno.execPath(),
  ...["run", "--no-config", "--no-lock", "--allow-sys"],
  fileURLToPath(
    new URL("../../testdata/interruptible_program.ts", import.meta.url),
  ),
];

/** Runs a program or a shell's script, and lets a test wait for its lines. */
async function supervise(
  program: string[] | string,
  options: Partial<SupervisedProcessOptions> = {},
) {
  const command = typeof program === "string"
    ? ["/bin/sh", "-c", program]
    : program;
  const parent = await temporaryFolder();
  const folder = join(parent.path, "folder");
  await Deno.mkdir(folder);
  const lines: string[] = [];
  const first = Promise.withResolvers<string>();
  const supervised = new SupervisedProcess(command, {
    folder,
    user: undefined,
    signal: undefined,
    onLine(line) {
      lines.push(line);
      first.resolve(line);
    },
    ...options,
  });
  return {
    supervised,
    lines,
    first: first.promise,
    left: () => namesIn(parent.path),
    async [Symbol.asyncDispose]() {
      await supervised.stop();
      await parent[Symbol.asyncDispose]();
    },
  };
}

Deno.test("SupervisedProcess reads the lines of both outputs, and tells the exit code", async () => {
  await using test = await supervise(
    "echo one; echo two >&2; printf 'three\\n\\nfour'; exit 7",
  );
  assert.equal(await test.supervised.exited, 7);
  assert.deepEqual(test.lines, ["one", "two", "three", "", "four"]);
  assert.deepEqual(test.supervised.lastLines, test.lines);
  // It ended by itself: the folder is for its caller to remove.
  assert.deepEqual(await test.left(), ["folder"]);
});

Deno.test("SupervisedProcess keeps the last twelve lines", async () => {
  await using test = await supervise(
    "i=0; while [ $i -lt 100 ]; do echo $i; i=$((i+1)); done",
  );
  assert.equal(await test.supervised.exited, 0);
  assert.equal(test.lines.length, 100);
  assert.deepEqual(
    test.supervised.lastLines,
    Array.from({ length: 12 }, (_, i) => `${i + 88}`),
  );
});

Deno.test("SupervisedProcess gives its process nothing to read", async () => {
  await using test = await supervise("cat; echo end");
  assert.equal(await test.supervised.exited, 0);
  assert.deepEqual(test.lines, ["end"]);
});

Deno.test("SupervisedProcess tells that a process died of a signal as a shell does", async () => {
  await using test = await supervise("kill -KILL $$");
  assert.equal(await test.supervised.exited, 137);
});

Deno.test("SupervisedProcess.stop() interrupts, waits for the end, and the folder goes", async () => {
  await using test = await supervise(INTERRUPTIBLE);
  await test.first;
  await Promise.all([test.supervised.stop(), test.supervised.stop()]);
  assert.equal(await test.supervised.exited, 3);
  assert.equal(test.lines[1], "interrupted");
  assert.deepEqual(await test.left(), []);
  await test.supervised.stop();
});

Deno.test("SupervisedProcess stops when its signal aborts, and does not start when it has", async () => {
  const controller = new AbortController();
  await using test = await supervise(INTERRUPTIBLE, {
    signal: controller.signal,
  });
  await test.first;
  controller.abort(new Error("enough"));
  await test.supervised.exited;
  assert.deepEqual(await test.left(), []);
  assert.throws(
    () =>
      new SupervisedProcess(["/bin/sh", "-c", "exit"], {
        folder: "/nonexistent",
        user: undefined,
        signal: controller.signal,
      }),
    new Error("enough"),
  );
});

Deno.test("SupervisedProcess leaves nothing running when its supervisor is killed", async () => {
  await using test = await supervise(INTERRUPTIBLE);
  const [supervisor = 0, child = 0] = (await test.first).split(" ").map(Number);
  assert.ok(isRunning(supervisor) && isRunning(child));
  process.kill(supervisor, "SIGKILL");
  // It ends when nobody holds the output any more.
  await test.supervised.exited;
});
