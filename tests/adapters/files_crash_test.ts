import assert from "node:assert/strict";
import { join } from "node:path";
import { systemClock } from "../../adapters/clock.ts";
import { createFiles } from "../../adapters/files.ts";
import { countUsers, renderEntry } from "../testdata/render_entry.ts";
import { startProgram } from "./deno_program.ts";
import { namesIn } from "./postgres_fixture.ts";
import { modeOf, temporaryFolder } from "./temporary_folder.ts";

const KILLS = Number(Deno.env.get("RDSIAM_TEST_KILLS") ?? 100);
const LANES = 3;
const files = createFiles(systemClock);

/** A shell that appends lines to a file, each with an `echo >>` of its own, one every few milliseconds. */
function startAppending(path: string) {
  const child = new Deno.Command("sh", {
    args: ["-c", 'while read -r line; do echo "$line" >>"$0"; done', path],
    stdin: "piped",
    stdout: "null",
  }).spawn();
  const input = child.stdin.getWriter();
  let count = 0;
  let isStopped = false;
  async function feed() {
    while (!isStopped) {
      const line = `*:*:*:foreign${count++}:secret\n`;
      await input.write(new TextEncoder().encode(line));
      await systemClock.sleep(Math.random() * 8);
    }
    await input.close();
    await child.status;
  }
  const fed = feed();
  return {
    /** Stops it, and says how many lines it has appended. */
    async stop(): Promise<number> {
      isStopped = true;
      await fed;
      return count;
    },
  };
}

/** Reads a file all the while, and fails when it is not whole. */
function startReading(path: string) {
  let isStopped = false;
  let reads = 0;
  async function read() {
    while (!isStopped) {
      countUsers(withoutHalfAppended(await Deno.readTextFile(path)));
      assert.match(await modeOf(path), /^0600$/);
      reads++;
      await systemClock.sleep(2);
    }
  }
  const reading = read();
  return {
    async stop(): Promise<number> {
      isStopped = true;
      await reading;
      return reads;
    },
  };
}

/**
 * A text without the line that the shell is appending to it: where that crosses the end of a page, Linux shows the half
 * of it for a moment. Any other line must be whole.
 */
function withoutHalfAppended(text: string): string {
  const last = text.slice(text.lastIndexOf("\n") + 1);
  if (last === "") return text;
  const whole = "*:*:*:foreign";
  assert.ok(
    whole.startsWith(last) || /^\*:\*:\*:foreign\d+:?\w*$/.test(last),
    "The last line is not whole",
  );
  return text.slice(0, -last.length);
}

/** Checks that nothing is lost, or there twice, or left over. */
async function assertComplete(
  folder: string,
  { foreign, users }: { foreign: number; users: readonly string[] },
) {
  const path = join(folder, "pgpass");
  const expected = [
    ...Array.from({ length: foreign }, (_, at) => `foreign${at}`),
    ...users,
  ];
  const counts = countUsers(await Deno.readTextFile(path));
  assert.deepEqual(
    [...counts].toSorted(),
    expected.map((user) => [user, 1]).toSorted(),
  );
  assert.deepEqual(await namesIn(folder), ["pgpass"]);
}

async function killOften(kills: number): Promise<void> {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "pgpass");
  await Deno.writeTextFile(path, "", { mode: 0o600 });
  const appending = startAppending(path);
  const reading = startReading(path);
  for (let kill = 0; kill < kills; kill++) {
    await using program = startProgram("update_program.ts", [path, "app"]);
    assert.equal(await program.read(), "begun\n");
    await systemClock.sleep(Math.random() ** 2 * 120);
    program.child.kill("SIGKILL");
    await program.child.status;
  }
  const foreign = await appending.stop();
  const reads = await reading.stop();
  assert.ok(reads > kills);
  await files.update(path, (old) => renderEntry(old, "app"), {
    isSecret: true,
  });
  await assertComplete(folder.path, { foreign, users: ["app"] });
}

Deno.test(`Files.update() killed ${KILLS} times shows readers whole files, and loses no line that others append`, async () => {
  const kills = Math.ceil(KILLS / LANES);
  await Promise.all(Array.from({ length: LANES }, () => killOften(kills)));
});

Deno.test("Files.update() by twenty processes at once, with an editor appending, loses nothing", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "pgpass");
  await Deno.writeTextFile(path, "", { mode: 0o600 });
  const users = Array.from({ length: 20 }, (_, at) => `user${at}`);
  const appending = startAppending(path);
  const reading = startReading(path);
  await Promise.all(users.map(async (user) => {
    await using program = startProgram("update_program.ts", [path, user, "2"]);
    const { code } = await program.child.status;
    assert.equal(code, 0);
  }));
  const foreign = await appending.stop();
  await reading.stop();
  assert.ok(foreign > 0);
  await assertComplete(folder.path, { foreign, users });
});
