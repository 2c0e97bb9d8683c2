import assert from "node:assert/strict";
import { join } from "node:path";
import { files, folderWithFile, SECRET, shell } from "./files_fixture.ts";
import { namesIn } from "../postgres_server/fixture.ts";

/** Ways in which other programs edit a file, from "a" and "b" lines to "a", "b" and "theirs". */
const EDITS: [name: string, script: string][] = [
  ["appends", 'echo theirs >>"$0"'],
  ["writes in place", 'printf "a\\ntheirs\\nb\\n" >"$0"'],
  ["replaces it", 'printf "theirs\\na\\nb\\n" >"$0.new"; mv "$0.new" "$0"'],
  ["keeps a backup", 'mv "$0" "$0~"; (cat "$0~"; echo theirs) >"$0"; rm "$0~"'],
];

for (const [name, script] of EDITS) {
  Deno.test(`Files.update() merges what a program that ${name} does meanwhile`, async () => {
    await using folder = await folderWithFile("a\nb\n");
    const given: string[] = [];
    async function change(oldText: string): Promise<string> {
      given.push(oldText);
      if (given.length === 1) await shell(script, folder.file);
      return `${oldText}ours\n`;
    }
    const update = await files.update(folder.file, change, SECRET);
    assert.equal(update.changed, true);
    const lines = (await Deno.readTextFile(folder.file)).split("\n");
    assert.deepEqual(lines.toSorted(), ["", "a", "b", "ours", "theirs"]);
    assert.equal(given.length, 2);
    assert.deepEqual(await namesIn(folder.path), ["pgpass"]);
  });
}

Deno.test("Files.update() leaves a file that somebody makes meanwhile in its place", async () => {
  await using folder = await folderWithFile("", { name: "other" });
  const path = join(folder.path, "pgpass");
  let calls = 0;
  async function change(oldText: string) {
    if (calls++ === 0) await Deno.writeTextFile(path, "theirs\n");
    return `${oldText}ours\n`;
  }
  await files.update(path, change, SECRET);
  assert.equal(await Deno.readTextFile(path), "theirs\nours\n");
});

Deno.test("Files.update() asks again when a file is read half-written and cannot be parsed", async () => {
  await using folder = await folderWithFile("hal");
  let calls = 0;
  async function change(oldText: string) {
    if (calls++ === 0) await Deno.writeTextFile(folder.file, "half\n");
    if (!oldText.endsWith("\n")) throw new Error("Not whole");
    return `${oldText}ours\n`;
  }
  await files.update(folder.file, change, SECRET);
  assert.equal(await Deno.readTextFile(folder.file), "half\nours\n");
});

Deno.test("Files.update() gives up when a program never stops writing, and nothing is lost", async () => {
  await using folder = await folderWithFile("a\n");
  let count = 0;
  let isStopped = false;
  async function change(oldText: string) {
    if (!isStopped) await appendLine(folder.file, `theirs${count++}`);
    return oldText.includes("ours") ? oldText : `${oldText}ours\n`;
  }
  await assert.rejects(files.update(folder.file, change, SECRET), {
    kind: "failed",
    message:
      `File "${folder.file}" cannot be changed: another program keeps writing to it`,
    hint: "Stop that program and run this again; nothing is lost",
  });
  isStopped = true;
  await files.update(folder.file, change, SECRET);
  const lines = (await Deno.readTextFile(folder.file)).split("\n");
  const theirs = Array.from({ length: count }, (_, at) => `theirs${at}`);
  assert.deepEqual(lines.toSorted(), ["", "a", "ours", ...theirs].toSorted());
  assert.deepEqual(await namesIn(folder.path), ["pgpass"]);
});

async function appendLine(path: string, line: string): Promise<void> {
  await Deno.writeTextFile(path, `${line}\n`, { append: true });
}
