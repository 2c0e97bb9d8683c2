import assert from "node:assert/strict";
import { systemClock } from "../../../adapters/process/clock.ts";
import { lockFolder } from "../../../adapters/files/folder_lock.ts";
import { FakeClock } from "../../fakes.ts";
import { isMissing } from "../../programs.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";
import { files, folderWithFile, SECRET } from "./files_fixture.ts";
import { namesIn } from "../postgres_server/fixture.ts";
import { temporaryFolder } from "../temporary_folder.ts";

Deno.test("lockFolder() waits for the one before, and leaves nothing in the folder", async () => {
  await using folder = await temporaryFolder();
  const order: string[] = [];
  async function hold(name: string) {
    using _lock = await lockFolder(folder.path, systemClock);
    order.push(`${name} begins`);
    await Promise.resolve();
    assert.deepEqual(await namesIn(folder.path), []);
    order.push(`${name} ends`);
  }
  await Promise.all([hold("a"), hold("b"), hold("c")]);
  assert.equal(order.length, 6);
  for (let at = 0; at < 6; at += 2) {
    const name = order[at]?.[0];
    assert.deepEqual(order.slice(at, at + 2), [
      `${name} begins`,
      `${name} ends`,
    ]);
  }
});

Deno.test("lockFolder() says who to look for when the lock is not let go for 30 seconds", async () => {
  await using folder = await temporaryFolder();
  const clock = new FakeClock();
  const begun = clock.now();
  const impatient = {
    now: () => clock.now(),
    sleep(ms: number) {
      clock.jump(ms);
      return Promise.resolve();
    },
  };
  using _held = await lockFolder(folder.path, clock);
  await assertRefusesLater(lockFolder(folder.path, impatient), {
    kind: "failed",
    message:
      `Folder "${folder.path}" cannot be locked: another program has held its lock for 30 seconds`,
    hint:
      "Wait for the other rdsiam or end it, and run this again; on Linux, lslocks shows it",
  });
  assert.ok(clock.now() - begun < 31_000);
});

Deno.test("Files.update() waits for a program that holds the folder's lock, and goes on when it dies", async (t) => {
  if (await isMissing(t, "flock")) return;
  await using folder = await folderWithFile("a\n");
  const holder = new Deno.Command("flock", {
    args: ["--no-fork", folder.path, "sh", "-c", "echo held; exec sleep 60"],
    stdout: "piped",
  }).spawn();
  const reader = holder.stdout.getReader();
  await reader.read();
  let isDone = false;
  const update = files.update(folder.file, (old) => `${old}b\n`, SECRET)
    .finally(() => isDone = true);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(isDone, false);
  holder.kill("SIGKILL");
  await holder.status;
  await reader.cancel();
  await update;
  assert.equal(await Deno.readTextFile(folder.file), "a\nb\n");
});
