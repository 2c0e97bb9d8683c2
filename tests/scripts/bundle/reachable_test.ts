import assert from "node:assert/strict";
import {
  reachableFiles,
  startFiles,
} from "../../../scripts/bundle/reachable.ts";

const FILES = [
  { name: "a.js", text: 'import { x } from "./b.js";\nimport("./c.js");\n' },
  { name: "b.js", text: 'import "./a.js";\nimport("./none.js");\n' },
  { name: "c.js", text: 'import {\n  y\n} from "./d.js";\n' },
  { name: "d.js", text: "" },
  { name: "e.js", text: 'import "./a.js";\n' },
];

Deno.test("startFiles() follows imports, not those that come later", () => {
  const names = startFiles(FILES, "a.js").map(({ name }) => name);
  assert.deepEqual(names, ["a.js", "b.js"]);
});

Deno.test("reachableFiles() leaves out what nothing loads", () => {
  const names = reachableFiles(FILES, "a.js").map(({ name }) => name);
  assert.deepEqual(names, ["a.js", "b.js", "c.js", "d.js"]);
});
