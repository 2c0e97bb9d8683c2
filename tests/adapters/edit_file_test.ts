import assert from "node:assert/strict";
import { join } from "node:path";
import { editFile } from "../../adapters/edit_file.ts";
import { assertRefusesLater } from "../rdsiam_error.ts";
import { modeOf, temporaryFolder } from "./temporary_folder.ts";

function append(text: string) {
  return (old: string) => Promise.resolve(`${old}${text}`);
}

Deno.test("editFile() makes the file and its folder", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "new", "deep", "x.toml");
  await editFile(path, append("a\n"));
  assert.equal(await Deno.readTextFile(path), "a\n");
});

Deno.test({
  name: "editFile() keeps the mode, and a link a link",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "x.toml");
    const link = join(folder.path, "link.toml");
    await Deno.writeTextFile(path, "\ufeffa\r\n");
    await Deno.chmod(path, 0o640);
    await Deno.symlink("x.toml", link);
    await editFile(link, append("b"));
    assert.equal(
      new TextDecoder("utf-8", { ignoreBOM: true })
        .decode(await Deno.readFile(path)),
      "\ufeffa\r\nb",
    );
    assert.equal(await modeOf(path), "0640");
    assert.ok((await Deno.lstat(link)).isSymlink);
  },
});

Deno.test("editFile() leaves the file alone when the change fails, or it is not UTF-8", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "x.toml");
  const bytes = new Uint8Array([0x23, 0xff]);
  await Deno.writeFile(path, bytes);
  await assertRefusesLater(editFile(path, append("b")), {
    message: `File "${path}" is not UTF-8`,
    hint: "Save it as UTF-8",
  });
  assert.deepEqual(await Deno.readFile(path), bytes);
  await Deno.writeTextFile(path, "a");
  await assert.rejects(
    editFile(path, () => Promise.reject(new RangeError("No"))),
    /cannot be changed: No/,
  );
  assert.equal(await Deno.readTextFile(path), "a");
  const left = await Array.fromAsync(Deno.readDir(folder.path));
  assert.deepEqual(left.map(({ name }) => name), ["x.toml"]);
});

Deno.test("editFile() says why a file cannot be changed", async () => {
  await using folder = await temporaryFolder();
  await assert.rejects(editFile(folder.path, append("a")), {
    kind: "failed",
    hint: "Check its owner and mode, and those of its folder",
  });
});
