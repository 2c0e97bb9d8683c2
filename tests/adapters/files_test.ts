import assert from "node:assert/strict";
import { join } from "node:path";
import { systemClock } from "../../adapters/clock.ts";
import { createFiles } from "../../adapters/files.ts";
import { namesIn } from "./postgres_fixture.ts";
import { modeOf, temporaryFolder } from "./temporary_folder.ts";

const SECRET = { isSecret: true };
const files = createFiles(systemClock);

function append(line: string) {
  return (old: string) => `${old}${line}\n`;
}

Deno.test("Files.update() makes a file that only this user can read, and its folder", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "a", "b", "pgpass");
  const update = await files.update(path, append("grüße"), SECRET);
  assert.deepEqual(update, { changed: true, notices: [] });
  assert.equal(await Deno.readTextFile(path), "grüße\n");
  assert.equal(await modeOf(path), "0600");
  assert.equal(await modeOf(join(folder.path, "a")), "0700");
  assert.deepEqual(await namesIn(join(folder.path, "a", "b")), ["pgpass"]);
});

Deno.test("Files.update() gives the old content, and replaces it", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "pgpass");
  await Deno.writeTextFile(path, "one\n", { mode: 0o600 });
  const update = await files.update(path, append("two"), SECRET);
  assert.deepEqual(update, { changed: true, notices: [] });
  assert.equal(await Deno.readTextFile(path), "one\ntwo\n");
  assert.deepEqual(await namesIn(folder.path), ["pgpass"]);
});
