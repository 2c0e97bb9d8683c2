import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { removeServerFolder } from "../../../adapters/local_server/folder.ts";
import { createPostgresFolder } from "../../../adapters/postgres_server/folder.ts";
import { namesIn } from "./fixture.ts";
import { modeOf, temporaryFolder } from "../temporary_folder.ts";

const NOBODY = { uid: 65534, gid: 65534, name: "nobody" };

// security: emulator-folder
Deno.test("createPostgresFolder() makes folders that are closed to others, and removeServerFolder() removes them", async () => {
  await using temporary = await temporaryFolder();
  const { folder, socketFolder, hbaFile } = await createPostgresFolder(
    undefined,
    temporary.path,
  );
  assert.equal(dirname(folder), temporary.path);
  assert.equal(await modeOf(folder), "0700");
  assert.equal(await modeOf(socketFolder), "0700");
  const rules = (await Deno.readTextFile(hbaFile)).split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(/ +/));
  assert.deepEqual(rules, [
    ["local", "all", "all", "trust"],
    ["local", "replication", "all", "trust"],
    ["host", "all", "all", "127.0.0.1/32", "md5"],
    ["host", "replication", "all", "127.0.0.1/32", "md5"],
  ]);
  await removeServerFolder(folder);
  await removeServerFolder(folder);
  assert.deepEqual(await namesIn(temporary.path), []);
});

Deno.test("createPostgresFolder() gives all of it to the server's user", async () => {
  if (Deno.uid() !== 0) return; // who has no other user
  await using temporary = await temporaryFolder();
  await Deno.chmod(temporary.path, 0o755);
  const made = await createPostgresFolder(NOBODY, temporary.path);
  for (const path of [made.folder, made.socketFolder, made.hbaFile]) {
    assert.equal((await Deno.stat(path)).uid, 65534);
  }
  assert.equal(await modeOf(made.folder), "0700");
});

Deno.test("createPostgresFolder() refuses a temporary folder that the server's user cannot reach, and leaves nothing", async () => {
  if (Deno.uid() !== 0) return; // who has no other user
  await using temporary = await temporaryFolder();
  await assert.rejects(createPostgresFolder(NOBODY, temporary.path), {
    kind: "failed",
    message:
      /^PostgreSQL cannot be started: user nobody, as whom it runs, cannot reach ".*"$/,
    hint:
      "Set TMPDIR to a folder with a short path that every user can reach, such as /tmp",
  });
  assert.deepEqual(await namesIn(temporary.path), []);
});

Deno.test("createPostgresFolder() says what to do when there is no temporary folder", async () => {
  await using parent = await temporaryFolder();
  const missing = join(parent.path, "missing");
  await assert.rejects(createPostgresFolder(undefined, missing), {
    kind: "failed",
    message: /^PostgreSQL cannot be started: No such file or directory/,
  });
});
