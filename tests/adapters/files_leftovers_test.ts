import assert from "node:assert/strict";
import { join } from "node:path";
import {
  append,
  CHANGED,
  files,
  filesWithPauses,
  folderWithFile,
  SECRET,
  UNCHANGED,
} from "./files_fixture.ts";
import { namesIn } from "./postgres_fixture.ts";

const WORK = `.pgpass.${crypto.randomUUID()}.rdsiam-tmp`;

/** Ends an update right after it has replaced the file, as SIGKILL would. */
async function updateHalf(path: string, line: string): Promise<void> {
  const dying = filesWithPauses(() => {
    throw new Error("killed");
  });
  await assert.rejects(dying.update(path, append(line), SECRET));
}

/** The old contents that killed runs have left. */
async function leftOlds(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const name of await namesIn(folder)) {
    if (!name.endsWith(".rdsiam-tmp")) continue;
    for (const old of await namesIn(join(folder, name))) {
      paths.push(join(folder, name, old));
    }
  }
  return paths;
}

async function appendLine(path: string, line: string): Promise<void> {
  await Deno.writeTextFile(path, `${line}\n`, { append: true });
}

Deno.test("Files.update() removes what a killed run left, changed or not", async () => {
  for (
    const [change, result] of [
      [append("x"), CHANGED],
      [(old: string) => old, UNCHANGED],
    ] as const
  ) {
    await using folder = await folderWithFile("a\n");
    const work = join(folder.path, WORK);
    await Deno.mkdir(work, { mode: 0o700 });
    await Deno.writeTextFile(join(work, "new-1"), "secret");
    await updateHalf(folder.file, "b");
    assert.equal((await leftOlds(folder.path)).length, 1);
    assert.deepEqual(await files.update(folder.file, change, SECRET), result);
    assert.deepEqual(await namesIn(folder.path), ["pgpass"]);
  }
});

Deno.test("Files.update() brings over what was appended to the old content of a killed run", async () => {
  await using folder = await folderWithFile("a\n");
  await updateHalf(folder.file, "b");
  const [old = ""] = await leftOlds(folder.path);
  await appendLine(old, "theirs");
  await updateHalf(folder.file, "c"); // It had the line already, or not: it is killed as well.
  await files.update(folder.file, append("d"), SECRET);
  const lines = (await Deno.readTextFile(folder.file)).split("\n");
  assert.deepEqual(lines.filter((line) => line === "theirs"), ["theirs"]);
  assert.deepEqual(lines.slice(0, 2), ["a", "b"]);
  assert.deepEqual(await namesIn(folder.path), ["pgpass"]);
});

Deno.test("Files.update() brings no line over twice from a run that was killed after it had merged it", async () => {
  await using folder = await folderWithFile("a\n");
  await updateHalf(folder.file, "b");
  const [old = ""] = await leftOlds(folder.path);
  await appendLine(old, "theirs");
  await appendLine(folder.file, "theirs");
  await files.update(folder.file, (text) => text, SECRET);
  assert.equal(await Deno.readTextFile(folder.file), "a\nb\ntheirs\n");
});

Deno.test("Files.update() knows the leftover of a run that was killed before it replaced the file", async () => {
  await using folder = await folderWithFile("a\n");
  const work = join(folder.path, WORK);
  await Deno.mkdir(work);
  const old = join(work, `old-2-${"0".repeat(64)}-1`);
  await Deno.link(folder.file, old);
  await appendLine(folder.file, "theirs");
  assert.deepEqual(
    await files.update(folder.file, append("x"), SECRET),
    CHANGED,
  );
  assert.equal(await Deno.readTextFile(folder.file), "a\ntheirs\nx\n");
  assert.deepEqual(await namesIn(folder.path), ["pgpass"]);
});

Deno.test("Files.update() keeps the old content of a killed run that somebody rewrote", async () => {
  await using folder = await folderWithFile("a\n");
  await updateHalf(folder.file, "b");
  const [old = ""] = await leftOlds(folder.path);
  await Deno.writeTextFile(old, "rewritten\n");
  const { notices } = await files.update(folder.file, append("c"), SECRET);
  assert.equal(notices.length, 1);
  assert.equal(await Deno.readTextFile(folder.file), "a\nb\nc\n");
  const conflict = (await namesIn(folder.path))
    .find((name) => name.startsWith("pgpass.conflict-")) ?? "";
  assert.equal(
    await Deno.readTextFile(join(folder.path, conflict)),
    "rewritten\n",
  );
});

Deno.test("Files.update() leaves alone what only looks like its own", async () => {
  await using folder = await folderWithFile("a\n");
  const others = [
    `.pgpass.other.${crypto.randomUUID()}.rdsiam-tmp`,
    `.pgpass.${crypto.randomUUID()}.tmp`,
    ".pgpass.rdsiam-tmp",
  ];
  for (const name of others) await Deno.mkdir(join(folder.path, name));
  const file = `.pgpass.${crypto.randomUUID()}.rdsiam-tmp`;
  await Deno.writeTextFile(join(folder.path, file), "a file");
  await files.update(folder.file, append("b"), SECRET);
  assert.deepEqual(
    (await namesIn(folder.path)).toSorted(),
    ["pgpass", file, ...others].toSorted(),
  );
});

Deno.test("Files.update() takes nothing over that another user has put there", async () => {
  if (Deno.uid() !== 0) return; // who cannot give a folder away
  await using folder = await folderWithFile("a\n");
  await updateHalf(folder.file, "b");
  const [old = ""] = await leftOlds(folder.path);
  await appendLine(old, "planted");
  const [work = ""] = (await namesIn(folder.path))
    .filter((name) => name !== "pgpass");
  await Deno.chown(join(folder.path, work), 65534, 65534);
  await files.update(folder.file, append("c"), SECRET);
  assert.equal(await Deno.readTextFile(folder.file), "a\nb\nc\n");
  assert.deepEqual(await leftOlds(folder.path), [old]);
});
