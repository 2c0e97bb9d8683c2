import assert from "node:assert/strict";
import {
  isModulePath,
  isPluginName,
  isPluginPath,
} from "../../../core/writer/plugin_name.ts";

Deno.test("isPluginName() takes words, and nothing that leads to another folder", () => {
  for (const name of ["pgpass", "my-writer", "a_b", "9x", "x".repeat(64)]) {
    assert.equal(isPluginName(name), true, name);
  }
  const wrong = [
    ...["", "-x", "--help", ".hidden", "a.b", "..", "a/b", "../a", "a\\b"],
    ...["a b", "a\nb", "a\0", "é", "C:x", "x".repeat(65)],
  ];
  for (const name of wrong) assert.equal(isPluginName(name), false, name);
});

Deno.test("isPluginPath() tells paths and names of modules from names", () => {
  for (const name of ["./x", "/x", "a/b", "C:\\x", "x.ts", "x.js", "x.mjs"]) {
    assert.equal(isPluginPath(name), true, name);
  }
  for (const name of ["x", "pgpass-raw", "x.py"]) {
    assert.equal(isPluginPath(name), false, name);
  }
});

Deno.test("isModulePath() goes by the ending", () => {
  assert.equal(isModulePath("/a/x.mjs"), true);
  assert.equal(isModulePath("/a.ts/x"), false);
});
