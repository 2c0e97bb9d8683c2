import assert from "node:assert/strict";
import { createShell } from "../../../adapters/process/shell.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";
import { isMissing, run } from "../../programs.ts";
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

Deno.test("createShell() ends a command with all that it has started when it is told to stop", async (t) => {
  if (await isMissing(t, "ps")) return;
  await using folder = await temporaryFolder();
  const path = `${folder.path}/pid`;
  const stop = new AbortController();
  const running = createShell().run(
    `trap '' TERM; sleep 600 & echo $! > '${path}'; wait`,
    "",
    {},
    stop.signal,
  );
  let pid = "";
  while (pid === "") {
    await new Promise((resolve) => setTimeout(resolve, 20));
    pid = (await Deno.readTextFile(path).catch(() => "")).trim();
  }
  stop.abort();
  await running;
  // Where nobody collects it, it is dead all the same.
  const { output } = await run("ps", ["-o", "stat=", "-p", pid]);
  assert.match(output, /^(Z.*\n)?$/);
});

Deno.test("createShell() ends a command at its deadline", async () => {
  await assertRefusesLater(createShell(50).run("exec sleep 60", "", {}), {
    kind: "failed",
    message: 'Command "exec sleep 60" failed: SIGTERM ended it',
    hint: "It may take 0.05 seconds",
  });
});
