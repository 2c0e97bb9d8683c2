import assert from "node:assert/strict";
import { join } from "node:path";
import { replaceFile } from "../../../adapters/files/replace_file.ts";
import { startProgram } from "../deno_program.ts";
import { namesIn } from "../postgres_server/fixture.ts";
import { modeOf, temporaryFolder } from "../temporary_folder.ts";

Deno.test("replaceFile() makes a file that only this user can read", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "pgpass");
  await replaceFile(path, "grüße\n");
  assert.equal(await Deno.readTextFile(path), "grüße\n");
  assert.equal(await modeOf(path), "0600");
  assert.deepEqual(await namesIn(folder.path), ["pgpass"]);
});

Deno.test("replaceFile() takes a file over that others could read", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "pgpass");
  await Deno.writeTextFile(path, "a much longer old content");
  await Deno.chmod(path, 0o666);
  await replaceFile(path, "new");
  assert.equal(await Deno.readTextFile(path), "new");
  assert.equal(await modeOf(path), "0600");
});

Deno.test("replaceFile() writes a file that is empty, and one that is large", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "file");
  for (const content of ["", "x".repeat(5_000_000)]) {
    await replaceFile(path, content);
    assert.equal(await Deno.readTextFile(path), content);
  }
});

Deno.test("replaceFile() shows a reader the old or the new content whole, and never a file that others can read", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "pgpass");
  const [one, other] = ["1", "2"].map((digit) => digit.repeat(50_000));
  assert.ok(one !== undefined && other !== undefined);
  await replaceFile(path, one);
  const seen = new Set<string>();
  let isWriting = true;
  async function read() {
    while (isWriting) {
      const text = await Deno.readTextFile(path);
      assert.ok(text === one || text === other, `${text.length} characters`);
      for await (const { name } of Deno.readDir(folder.path)) {
        // A name that was listed may be gone when it is looked at.
        seen.add(await modeOf(join(folder.path, name)).catch(() => "gone"));
      }
    }
  }
  async function write() {
    for (let turn = 0; turn < 300; turn++) {
      await replaceFile(path, turn % 2 === 0 ? other ?? "" : one ?? "");
    }
    isWriting = false;
  }
  await Promise.all([write(), read(), read()]);
  seen.delete("gone");
  assert.deepEqual([...seen], ["0600"]);
});

Deno.test("replaceFile() leaves a whole file when its program is killed while it writes", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "pgpass");
  for (let round = 0; round < 3; round++) {
    await using program = startProgram("write_program.ts", [path]);
    assert.equal(await program.read(), "begun\n");
    program.child.kill("SIGKILL");
    await program.child.status;
    assert.match(await Deno.readTextFile(path), /^(a{1000000}|b{1000000})$/);
    for (const name of await namesIn(folder.path)) {
      assert.equal(await modeOf(join(folder.path, name)), "0600");
    }
  }
});

Deno.test("replaceFile() puts a file in a symbolic link's place, and leaves what the link leads to", async () => {
  await using folder = await temporaryFolder();
  const [path, victim] = ["link", "victim"].map((name) =>
    join(folder.path, name)
  );
  assert.ok(path !== undefined && victim !== undefined);
  await Deno.writeTextFile(victim, "untouched");
  await Deno.symlink(victim, path);
  await replaceFile(path, "secret");
  assert.equal(await Deno.readTextFile(victim), "untouched");
  assert.equal((await Deno.lstat(path)).isFile, true);
  assert.equal(await Deno.readTextFile(path), "secret");
});

Deno.test("replaceFile() leaves nothing behind when it cannot replace", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "a-folder");
  await Deno.mkdir(join(path, "with-content"), { recursive: true });
  await assert.rejects(replaceFile(path, "secret"));
  assert.deepEqual(await namesIn(folder.path), ["a-folder"]);
});

Deno.test("replaceFile() fails in a folder that cannot be written to, and leaves the old file", async () => {
  await using folder = await temporaryFolder();
  await assert.rejects(
    replaceFile(join(folder.path, "missing", "pgpass"), "secret"),
    Deno.errors.NotFound,
  );
  if (Deno.uid() === 0) return; // whom no mode keeps out
  const path = join(folder.path, "pgpass");
  await replaceFile(path, "old");
  await Deno.chmod(folder.path, 0o500);
  await assert.rejects(replaceFile(path, "new"), Deno.errors.PermissionDenied);
  assert.equal(await Deno.readTextFile(path), "old");
  await Deno.chmod(folder.path, 0o700);
});
