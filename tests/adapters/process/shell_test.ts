import assert from "node:assert/strict";
import { createShell } from "../../../adapters/process/shell.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";
import { temporaryFolder } from "../temporary_folder.ts";

Deno.test("createShell() feeds a command and gives it the environment", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/out`;
  await createShell().run(`{ cat; echo "$WHAT"; } > '${path}'`, "in\n", {
    WHAT: "changed",
  });
  assert.equal(await Deno.readTextFile(path), "in\nchanged\n");
});

Deno.test("createShell() takes a command that does not read its input", async () => {
  await createShell().run("true", "x".repeat(1_000_000), {});
});

Deno.test("createShell() says how a command failed", async () => {
  await assertRefusesLater(createShell().run("exit 3", "", {}), {
    kind: "failed",
    message: 'Command "exit 3" failed: it exited with 3',
  });
  await assertRefusesLater(createShell().run("kill -9 $$", "", {}), {
    kind: "failed",
    message: 'Command "kill -9 $$" failed: SIGKILL ended it',
  });
});

Deno.test("createShell() ends a command at its deadline", async () => {
  await assertRefusesLater(createShell(50).run("exec sleep 60", "", {}), {
    kind: "failed",
    message: 'Command "exec sleep 60" failed: SIGTERM ended it',
    hint: "It may take 0.05 seconds",
  });
});
