import assert from "node:assert/strict";
import { userPath } from "../../../core/config/user_path.ts";

for (
  const [text, path] of [
    ["file", "/folder/file"],
    ["../file", "/file"],
    ["/file", "/file"],
    ["~/.pgpass", "/home/me/.pgpass"],
    ["~", "/home/me"],
    ["~other/file", "/folder/~other/file"],
  ] as const
) {
  Deno.test(`userPath() takes ${text} for ${path}`, () => {
    assert.equal(userPath(text, "/folder", "/home/me"), path);
  });
}

Deno.test("userPath() needs a home folder for ~ alone", () => {
  assert.equal(userPath("~/file", "/folder", undefined), undefined);
  assert.equal(userPath("file", "/folder", undefined), "/folder/file");
});
