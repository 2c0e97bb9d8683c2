import assert from "node:assert/strict";
import {
  countPutOff,
  putOffCommander,
  putOffRequire,
} from "../../../scripts/bundle/lazy_builtins.ts";

const COMMANDER = `// npm/commander@15.1.0/lib/command.js
import { EventEmitter } from "node:events";
import fs from "node:fs";
import process from "node:process";
import { stripVTControlCharacters as strip2 } from "node:util";
export const found = fs.existsSync("/");
export const env = process.env;
export const plain = strip2("\\x1b[1ma\\x1b[0m");
export const events = new EventEmitter();
`;

Deno.test("putOffCommander() changes when modules load, not what they do", async () => {
  const changed = putOffCommander(COMMANDER);
  assert.equal(countPutOff(changed), 3);
  assert.deepEqual(changed.match(/from "node:\w+"/g), ['from "node:events"']);
  const made = await import(
    `data:text/javascript,${encodeURIComponent(changed)}`
  );
  assert.equal(made.found, true);
  assert.equal(made.plain, "a");
  assert.equal(made.env.PATH, Deno.env.get("PATH"));
});

Deno.test("putOffCommander() leaves the imports of other files alone", () => {
  const other = COMMANDER.replace("commander@", "comet@");
  assert.equal(putOffCommander(other), other);
});

const REQUIRE =
  `import { createRequire as __deno_internal_createRequire } from "node:module";
var __require = __deno_internal_createRequire(import.meta.url);
`;

Deno.test("putOffRequire() requires what was required before", async () => {
  const changed = putOffRequire(
    `${REQUIRE}export const path = __require("node:path");`,
  );
  assert.doesNotMatch(changed, /^import /m);
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/a.mjs`, changed);
    const { path } = await import(`file://${folder}/a.mjs`);
    assert.equal(path.basename("a/b"), "b");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("putOffRequire() stops the build where the bundler writes another text", () => {
  assert.equal(putOffRequire("var a;"), "var a;");
  assert.throws(
    () => putOffRequire(REQUIRE.replace("var __require", "const __require")),
    /The bundler writes createRequire\(\) in another way/,
  );
});
