import assert from "node:assert/strict";
import { renameFiles } from "../../../scripts/bundle/rename.ts";

/** Two files that load each other, as the bundler names them on one machine. */
function bundle(a: string, b: string, text = "a") {
  return [
    { name: "main.js", text: `import "./chunk-${a}.js";` },
    { name: `chunk-${a}.js`, text: `var ${text}; import("./b-${b}.js")` },
    { name: `b-${b}.js`, text: `import "./chunk-${a}.js"; "x-AAAAAAAA.js"` },
  ];
}

Deno.test("renameFiles() gives the same files, however the bundler named them", () => {
  const files = renameFiles(bundle("AAAAAAA1", "BBBBBBB1"));
  assert.deepEqual(files, renameFiles(bundle("CCCCCCC1", "DDDDDDD1")));
  const [b, chunk, main] = files;
  assert.match(b?.name ?? "", /^b-[0-9a-f]{10}\.js$/);
  assert.equal(b?.text, `import "./${chunk?.name}"; "x-AAAAAAAA.js"`);
  assert.equal(chunk?.text, `var a; import("./${b?.name}")`);
  assert.deepEqual(main, {
    name: "rdsiam.js",
    text: `import "./${chunk?.name}";`,
  });
});

Deno.test("renameFiles() gives another name to another text", () => {
  const one = renameFiles(bundle("AAAAAAA1", "BBBBBBB1"));
  const other = renameFiles(bundle("AAAAAAA1", "BBBBBBB1", "other"));
  assert.notEqual(one[1]?.name, other[1]?.name);
});

Deno.test("renameFiles() refuses two files of one name", () => {
  const twins = [
    { name: "a-AAAAAAAA.js", text: "same" },
    { name: "a-BBBBBBBB.js", text: "same" },
  ];
  assert.throws(
    () => renameFiles(twins),
    /Two files of the bundle hold the same/,
  );
});
