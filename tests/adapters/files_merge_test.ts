import assert from "node:assert/strict";
import { join } from "node:path";
import {
  append,
  CHANGED,
  files,
  filesWithPauses,
  folderWithFile,
  SECRET,
  shell,
} from "./files_fixture.ts";
import { namesIn } from "./postgres_fixture.ts";

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

Deno.test("Files.update() merges what a program writes to a file that it opened before", async () => {
  for (const looks of [1, 2, 4]) {
    await using folder = await folderWithFile("a\n");
    using editor = await Deno.open(folder.file, { append: true });
    let pauses = 0;
    const files = filesWithPauses(async () => {
      pauses++;
      if (pauses === looks) {
        await editor.write(new TextEncoder().encode("theirs\n"));
      }
    });
    assert.deepEqual(
      await files.update(folder.file, append("ours"), SECRET),
      CHANGED,
    );
    assert.equal(
      await Deno.readTextFile(folder.file),
      "a\ntheirs\nours\n",
    );
    assert.deepEqual(await namesIn(folder.path), ["pgpass"]);
  }
});

Deno.test("Files.update() waits for a program that writes a file that it opened before bit by bit", async () => {
  await using folder = await folderWithFile("a\n");
  using editor = await Deno.open(folder.file, { write: true });
  const parts = ["the", "irs\nan", "d more\n"];
  const given: string[] = [];
  const files = filesWithPauses(async () => {
    const part = parts.shift();
    if (part?.startsWith("the")) await editor.truncate();
    if (part !== undefined) await editor.write(new TextEncoder().encode(part));
  });
  function change(oldText: string) {
    given.push(oldText);
    return `${oldText}ours\n`;
  }
  await files.update(folder.file, change, SECRET);
  assert.deepEqual(given, ["a\n", "theirs\nand more\n"]);
  assert.equal(
    await Deno.readTextFile(folder.file),
    "theirs\nand more\nours\n",
  );
});

Deno.test("Files.update() merges what is written to the old file and the new one at once", async () => {
  await using folder = await folderWithFile("a\n");
  using editor = await Deno.open(folder.file, { append: true });
  let pauses = 0;
  const files = filesWithPauses(async () => {
    pauses++;
    if (pauses > 1) return;
    await editor.write(new TextEncoder().encode("old\n"));
    await shell('echo new >>"$0"', folder.file);
  });
  function change(oldText: string) {
    return oldText.includes("ours") ? oldText : `${oldText}ours\n`;
  }
  await files.update(folder.file, change, SECRET);
  assert.equal(
    await Deno.readTextFile(folder.file),
    "a\nours\nnew\nold\n",
  );
});

Deno.test("Files.update() keeps what it cannot merge in a file of its own, and says so", async () => {
  await using folder = await folderWithFile("a\n");
  using editor = await Deno.open(folder.file, { write: true });
  let pauses = 0;
  const files = filesWithPauses(async () => {
    pauses++;
    if (pauses > 1) return;
    await editor.write(new TextEncoder().encode("x\nrewritten\n"));
    await shell('echo new >>"$0"', folder.file);
  });
  function change(oldText: string) {
    return oldText.includes("ours") ? oldText : `${oldText}ours\n`;
  }
  const { notices } = await files.update(folder.file, change, SECRET);
  assert.equal(await Deno.readTextFile(folder.file), "a\nours\nnew\n");
  const [, conflict = "", ...more] = (await namesIn(folder.path)).toSorted();
  assert.deepEqual(more, []);
  assert.match(conflict, /^pgpass\.conflict-[0-9a-f]{8}$/);
  assert.deepEqual(notices, [
    `Several programs changed "${folder.file}" at once; what one of them made of it is in "${
      join(folder.path, conflict)
    }"`,
  ]);
  assert.equal(
    await Deno.readTextFile(join(folder.path, conflict)),
    "x\nrewritten\n",
  );
});

Deno.test("Files.update() merges a line that is appended to a file that it removes", async () => {
  await using folder = await folderWithFile("ours\n");
  using editor = await Deno.open(folder.file, { append: true });
  let pauses = 0;
  const files = filesWithPauses(async () => {
    if (pauses++ === 0) {
      await editor.write(new TextEncoder().encode("theirs\n"));
    }
  });
  await files.update(folder.file, (old) => old.replace("ours\n", ""), SECRET);
  assert.equal(await Deno.readTextFile(folder.file), "theirs\n");
});

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
      `File "${folder.file}" cannot be kept right: another program writes to it all the time`,
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
