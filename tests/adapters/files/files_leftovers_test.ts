import assert from "node:assert/strict";
import { join } from "node:path";
import {
  append,
  CHANGED,
  files,
  folderWithFile,
  SECRET,
  UNCHANGED,
} from "./files_fixture.ts";
import { namesIn } from "../postgres_server/fixture.ts";

/** A file as a killed run leaves it. */
const LEFTOVER = `.pgpass.${crypto.randomUUID()}.rdsiam-tmp`;

Deno.test("Files.update() removes what a killed run left, changed or not", async () => {
  for (
    const [change, result] of [
      [append("x"), CHANGED],
      [(old: string) => old, UNCHANGED],
    ] as const
  ) {
    await using folder = await folderWithFile("a\n");
    await Deno.writeTextFile(join(folder.path, LEFTOVER), "secret");
    assert.deepEqual(await files.update(folder.file, change, SECRET), result);
    assert.deepEqual(await namesIn(folder.path), ["pgpass"]);
  }
});

Deno.test("Files.update() leaves alone what only looks like its own", async () => {
  await using folder = await folderWithFile("a\n");
  const others = [
    `.pgpass.other.${crypto.randomUUID()}.rdsiam-tmp`,
    `.pgpass.${crypto.randomUUID()}.tmp`,
    ".pgpass.rdsiam-tmp",
  ];
  for (const name of others) {
    await Deno.writeTextFile(join(folder.path, name), "");
  }
  await Deno.mkdir(join(folder.path, LEFTOVER));
  await files.update(folder.file, append("b"), SECRET);
  assert.deepEqual(
    (await namesIn(folder.path)).toSorted(),
    ["pgpass", LEFTOVER, ...others].toSorted(),
  );
});

Deno.test("Files.update() removes nothing that another user has put there", async () => {
  if (Deno.uid() !== 0) return; // who cannot give a file away
  await using folder = await folderWithFile("a\n");
  const planted = join(folder.path, LEFTOVER);
  await Deno.writeTextFile(planted, "planted");
  await Deno.chown(planted, 65534, 65534);
  await files.update(folder.file, append("c"), SECRET);
  assert.equal(await Deno.readTextFile(folder.file), "a\nc\n");
  assert.equal(await Deno.readTextFile(planted), "planted");
});
