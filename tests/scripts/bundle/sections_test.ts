import assert from "node:assert/strict";
import {
  mapSections,
  readSections,
  sourcePaths,
} from "../../../scripts/bundle/sections.ts";

const TEXT = `import "./x.js";

// core/a.ts
var a = 1; // no/path.ts
  // b/c.ts stands in a line

// npm/b@1.0.0/lib/b.js
var b = 2;
`;

Deno.test("readSections() cuts a bundle at the lines that hold nothing but a path", () => {
  assert.deepEqual(readSections(TEXT), {
    head: 'import "./x.js";\n\n',
    sections: [
      {
        path: "core/a.ts",
        text: "\nvar a = 1; // no/path.ts\n  // b/c.ts stands in a line\n\n",
      },
      { path: "npm/b@1.0.0/lib/b.js", text: "\nvar b = 2;\n" },
    ],
  });
});

Deno.test("sourcePaths() names each source once", () => {
  assert.deepEqual(sourcePaths([TEXT, TEXT]), [
    "core/a.ts",
    "npm/b@1.0.0/lib/b.js",
  ]);
});

Deno.test("mapSections() changes the section of a path, the last one too, and nothing else", () => {
  const shout = (text: string) => text.toUpperCase();
  assert.equal(
    mapSections(TEXT, "core/a.ts", shout),
    TEXT.replace("var a = 1", "VAR A = 1").replace("no/path.ts", "NO/PATH.TS")
      .replace("b/c.ts stands in a line", "B/C.TS STANDS IN A LINE"),
  );
  assert.equal(
    mapSections(TEXT, "npm/b@1.0.0/lib/b.js", shout),
    TEXT.replace("var b = 2", "VAR B = 2"),
  );
  assert.equal(mapSections(TEXT, "core/b.ts", shout), TEXT);
});
