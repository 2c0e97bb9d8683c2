import assert from "node:assert/strict";
import { join } from "node:path";
import {
  append,
  CHANGED,
  files,
  folderWithFile,
  OPEN,
  SECRET,
  UNCHANGED,
} from "./files_fixture.ts";
import { namesIn } from "../postgres_server/fixture.ts";
import { modeOf, temporaryFolder } from "../temporary_folder.ts";

Deno.test("Files.update() makes a file that only this user can read, and its folders", async () => {
  await using folder = await temporaryFolder();
  for (const [name, options] of [["a", SECRET], ["b", OPEN]] as const) {
    const path = join(folder.path, name, "deep", "pgpass");
    const update = await files.update(path, append("grüße"), options);
    assert.deepEqual(update, CHANGED);
    assert.equal(await Deno.readTextFile(path), "grüße\n");
    assert.equal(await modeOf(path), "0600");
    assert.equal(await modeOf(join(folder.path, name)), "0700");
    assert.deepEqual(await namesIn(join(folder.path, name, "deep")), [
      "pgpass",
    ]);
  }
});

Deno.test("Files.update() gives the old content and puts the new one in its place", async () => {
  await using folder = await folderWithFile("one\n");
  const update = await files.update(folder.file, append("two"), SECRET);
  assert.deepEqual(update, CHANGED);
  assert.equal(await Deno.readTextFile(folder.file), "one\ntwo\n");
  assert.deepEqual(await namesIn(folder.path), ["pgpass"]);
});

Deno.test("Files.update() waits for a change that takes its time", async () => {
  await using folder = await folderWithFile("one\n");
  await files.update(
    folder.file,
    (old) => Promise.resolve(`${old}later\n`),
    SECRET,
  );
  assert.equal(await Deno.readTextFile(folder.file), "one\nlater\n");
});

Deno.test("Files.update() keeps byte for byte what the change leaves alone", async () => {
  const old = Uint8Array.of(
    ...[0xef, 0xbb, 0xbf], // byte order mark
    ...new TextEncoder().encode("crlf\r\n\0\r"),
    ...[0xfc, 0xff, 0xc3], // no UTF-8
  );
  await using folder = await folderWithFile(old);
  await files.update(folder.file, (text) => `${text}|`, SECRET);
  assert.deepEqual(
    await Deno.readFile(folder.file),
    Uint8Array.of(...old, 0x7c),
  );
});

Deno.test("Files.update() writes nothing when nothing changes", async () => {
  await using folder = await folderWithFile("same");
  await Deno.utime(folder.file, 1, 1);
  const before = await Deno.stat(folder.file);
  for (const options of [SECRET, OPEN]) {
    const update = await files.update(folder.file, (old) => old, options);
    assert.deepEqual(update, UNCHANGED);
  }
  const { ino, mtime } = await Deno.stat(folder.file);
  assert.deepEqual([ino, mtime], [before.ino, before.mtime]);
});

Deno.test("Files.update() removes a file that gets empty, and makes none for nothing", async () => {
  await using folder = await folderWithFile("ours\n");
  assert.deepEqual(await files.update(folder.file, () => "", SECRET), CHANGED);
  assert.deepEqual(await namesIn(folder.path), []);
  for (const path of [folder.file, join(folder.path, "a", "b")]) {
    assert.deepEqual(await files.update(path, (old) => old, SECRET), UNCHANGED);
  }
  assert.deepEqual(await namesIn(folder.path), []);
});

Deno.test("Files.update() leaves an empty file that stays empty, and fills one", async () => {
  await using folder = await folderWithFile("");
  assert.deepEqual(
    await files.update(folder.file, () => "", SECRET),
    UNCHANGED,
  );
  assert.equal(await Deno.readTextFile(folder.file), "");
  await files.update(folder.file, append("x"), SECRET);
  assert.equal(await Deno.readTextFile(folder.file), "x\n");
});

Deno.test("Files.update() leaves the file alone when the change throws, and throws the same", async () => {
  await using folder = await folderWithFile("old");
  for (const path of [folder.file, join(folder.path, "new")]) {
    const error = new Deno.errors.NotFound("of the change itself");
    await assert.rejects(
      files.update(path, () => {
        throw error;
      }, SECRET),
      (thrown) => thrown === error,
    );
  }
  assert.equal(await Deno.readTextFile(folder.file), "old");
  assert.deepEqual(await namesIn(folder.path), ["pgpass"]);
});

Deno.test("Files.update() leaves the file alone when the new content is no text", async () => {
  await using folder = await folderWithFile("old");
  await assert.rejects(files.update(folder.file, () => "\ud83d", SECRET), {
    kind: "failed",
    message:
      `File "${folder.file}" cannot be changed: Text holds half a surrogate pair`,
  });
  assert.equal(await Deno.readTextFile(folder.file), "old");
  assert.deepEqual(await namesIn(folder.path), ["pgpass"]);
});

Deno.test("Files.update() takes relative paths and names with odd characters", async () => {
  await using folder = await temporaryFolder();
  const name = "a b'\"\\$(x)\n*.[é]🐘";
  const up = Deno.cwd().split("/").filter(Boolean).map(() => "..").join("/");
  const path = `${up}${folder.path}/${name}`;
  for (const line of ["one", "two"]) {
    assert.deepEqual(await files.update(path, append(line), SECRET), CHANGED);
  }
  assert.equal(
    await Deno.readTextFile(join(folder.path, name)),
    "one\ntwo\n",
  );
  assert.deepEqual(await namesIn(folder.path), [name]);
});

Deno.test("Files.update() lets twenty changes at once follow each other", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "new", "pgpass");
  const lines = Array.from({ length: 20 }, (_, at) => `line${at}`);
  await Promise.all(
    lines.map((line) => files.update(path, append(line), SECRET)),
  );
  const text = await Deno.readTextFile(path);
  assert.deepEqual(
    text.split("\n").toSorted(),
    ["", ...lines].toSorted(),
  );
});

Deno.test("Files.read() gives the content, nothing for what is not there, and the bytes back", async () => {
  await using folder = await folderWithFile(Uint8Array.of(0x61, 0xff));
  assert.equal(await files.read(folder.file), "a\udcff");
  assert.equal(await files.read(join(folder.path, "missing")), undefined);
  assert.equal(await files.read(join(folder.path, "no", "folder")), undefined);
  await Deno.symlink("pgpass", join(folder.path, "link"));
  assert.equal(await files.read(join(folder.path, "link")), "a\udcff");
});
