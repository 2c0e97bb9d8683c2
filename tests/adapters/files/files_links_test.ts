import assert from "node:assert/strict";
import { join } from "node:path";
import { assertRefusesLater } from "../../rdsiam_error.ts";
import {
  append,
  CHANGED,
  files,
  folderWithFile,
  SECRET,
} from "./files_fixture.ts";
import { namesIn } from "../postgres_server/fixture.ts";
import { modeOf, temporaryFolder } from "../temporary_folder.ts";

Deno.test("Files.update() changes what a link leads to, and the link stays", async () => {
  await using folder = await folderWithFile("old\n", { name: "real" });
  await Deno.mkdir(join(folder.path, "home"));
  await Deno.mkdir(join(folder.path, "dotfiles"));
  const links: [name: string, target: string][] = [
    ["home/relative", "../real"],
    ["home/absolute", folder.file],
    ["dotfiles/chained", "../home/relative"],
    ["home/chained", "../dotfiles/chained"],
  ];
  for (const [at, [name, target]] of links.entries()) {
    const path = join(folder.path, name);
    await Deno.symlink(target, path);
    await files.update(path, append(`line${at}`), SECRET);
    assert.equal(await Deno.readLink(path), target);
  }
  assert.equal(
    await Deno.readTextFile(folder.file),
    "old\nline0\nline1\nline2\nline3\n",
  );
  assert.equal((await Deno.lstat(folder.file)).isFile, true);
  assert.deepEqual(
    (await namesIn(folder.path)).toSorted(),
    ["dotfiles", "home", "real"],
  );
});

Deno.test("Files.update() follows a link through a linked folder as the system does", async () => {
  await using folder = await temporaryFolder();
  await Deno.mkdir(join(folder.path, "deep", "er"), { recursive: true });
  await Deno.symlink("deep/er", join(folder.path, "short"));
  // The system goes into deep/er and then up to deep; by the names alone it would be the folder itself.
  await Deno.symlink("short/../pgpass", join(folder.path, "link"));
  await files.update(join(folder.path, "link"), append("x"), SECRET);
  assert.equal(
    await Deno.readTextFile(join(folder.path, "deep", "pgpass")),
    "x\n",
  );
  assert.equal(await Deno.readTextFile(join(folder.path, "link")), "x\n");
});

Deno.test("Files.update() makes the file that a link leads to", async () => {
  await using folder = await temporaryFolder();
  const link = join(folder.path, "link");
  await Deno.symlink("real", link);
  assert.deepEqual(await files.update(link, append("x"), SECRET), CHANGED);
  assert.equal(await Deno.readLink(link), "real");
  assert.equal(await Deno.readTextFile(join(folder.path, "real")), "x\n");
  assert.equal(await modeOf(join(folder.path, "real")), "0600");
  await files.update(link, () => "", SECRET);
  assert.deepEqual(await namesIn(folder.path), ["link"]);
});

Deno.test("Files.update() refuses a link into a folder that is not there", async () => {
  await using folder = await temporaryFolder();
  const link = join(folder.path, "link");
  await Deno.symlink("missing/real", link);
  await assertRefusesLater(files.update(link, append("x"), SECRET), {
    kind: "failed",
    message:
      `File "${link}" is not used: it is a link to "${folder.path}/missing/real", whose folder is missing`,
    hint: "Point the link to a file, or remove it",
  });
});

Deno.test("Files.update() lets a file and links to it be changed at once", async () => {
  await using folder = await folderWithFile("");
  await Deno.mkdir(join(folder.path, "other"));
  const link = join(folder.path, "other", "link");
  await Deno.symlink("../pgpass", link);
  await Promise.all(
    [folder.file, link, folder.file, link].map((path, at) =>
      files.update(path, append(`${at}`), SECRET)
    ),
  );
  const lines = (await Deno.readTextFile(folder.file)).split("\n");
  assert.deepEqual(lines.toSorted(), ["", "0", "1", "2", "3"]);
});
