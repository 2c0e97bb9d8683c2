import assert from "node:assert/strict";
import { join } from "node:path";
import { systemClock } from "../../../adapters/process/clock.ts";
import { createFiles } from "../../../adapters/files/files.ts";
import { countUsers, renderEntry } from "../../testdata/render_entry.ts";
import { startProgram } from "../deno_program.ts";
import { namesIn } from "../postgres_server/fixture.ts";
import { modeOf, temporaryFolder } from "../temporary_folder.ts";

const KILLS = Number(Deno.env.get("RDSIAM_TEST_KILLS") ?? 100);
const LANES = 3;
const files = createFiles(systemClock);

/** Reads a file all the while, and fails when it is not whole. */
function startReading(path: string) {
  let isStopped = false;
  let reads = 0;
  async function read() {
    while (!isStopped) {
      countUsers(await Deno.readTextFile(path));
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

/** Appends a line as another program does that is done before the next update begins. */
async function appendForeign(path: string, at: number): Promise<void> {
  await Deno.writeTextFile(path, `*:*:*:foreign${at}:secret\n`, {
    append: true,
  });
}

async function killOften(kills: number): Promise<void> {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "pgpass");
  await Deno.writeTextFile(path, "", { mode: 0o600 });
  const reading = startReading(path);
  for (let kill = 0; kill < kills; kill++) {
    await appendForeign(path, kill);
    await using program = startProgram("update_program.ts", [path, "app"]);
    assert.equal(await program.read(), "begun\n");
    await systemClock.sleep(Math.random() ** 2 * 120);
    program.child.kill("SIGKILL");
    await program.child.status;
  }
  const reads = await reading.stop();
  assert.ok(reads > kills);
  await files.update(path, (old) => renderEntry(old, "app"), {
    isSecret: true,
  });
  await assertComplete(folder.path, { foreign: kills, users: ["app"] });
}

Deno.test(`Files.update() killed ${KILLS} times shows readers whole files, and loses no line that others appended`, async () => {
  const kills = Math.ceil(KILLS / LANES);
  await Promise.all(Array.from({ length: LANES }, () => killOften(kills)));
});

Deno.test("Files.update() by twenty processes at once loses nothing", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "pgpass");
  await appendForeign(path, 0);
  await Deno.chmod(path, 0o600);
  const users = Array.from({ length: 20 }, (_, at) => `user${at}`);
  const reading = startReading(path);
  await Promise.all(users.map(async (user) => {
    await using program = startProgram("update_program.ts", [path, user, "2"]);
    const { code } = await program.child.status;
    assert.equal(code, 0);
  }));
  await reading.stop();
  await assertComplete(folder.path, { foreign: 1, users });
});
