import assert from "node:assert/strict";
import { faults, weigh } from "../../../scripts/bundle/check.ts";

const FILES = [
  {
    name: "a.js",
    text: 'import { x } from "./b.js";\n// core/a.ts\nimport("./c.js");\n',
  },
  { name: "b.js", text: "// npm/b@1.0.0/b.js\n// npm/@x/y@2.0.0/y.js\n" },
  { name: "c.js", text: "// core/\u00e9.ts\n// cli/c.ts\n" },
];
const WEIGHT = weigh(FILES, "a.js");
const BUDGET = { bytes: 200, startBytes: 150, packages: ["@x/y", "b"] };

Deno.test("weigh() counts bytes, sources and packages", () => {
  const bytes = new TextEncoder().encode(
    FILES.map(({ text }) => text).join(""),
  );
  assert.deepEqual(WEIGHT, {
    files: 3,
    sources: 4,
    bytes: bytes.length,
    startBytes: FILES.slice(0, 2).map(({ text }) => text).join("").length,
    packages: ["@x/y@2.0.0", "b@1.0.0"],
  });
});

Deno.test("faults() finds nothing in a bundle as it should be", () => {
  assert.deepEqual(faults(FILES, WEIGHT, BUDGET), []);
});

Deno.test("faults() names tests, scripts, and packages that are new or gone", () => {
  const stray = "// tests/fakes.ts\n// scripts/demo.ts\n// npm/c@1.0.0/c.js\n";
  const files = [...FILES, { name: "d.js", text: stray }];
  const budget = { ...BUDGET, packages: ["@x/y", "b", "d"] };
  assert.deepEqual(faults(files, weigh(files, "a.js"), budget), [
    "scripts/demo.ts is not to be in the bundle",
    "tests/fakes.ts is not to be in the bundle",
    "npm package c is new",
    "npm package d is gone",
  ]);
});

Deno.test("faults() names what is imported on demand as CommonJS, whose exports would be missing", () => {
  const text = 'import "./b.js";\nexport default require_sts();\n';
  assert.deepEqual(
    faults([...FILES, { name: "sts.js", text }], WEIGHT, BUDGET),
    ["sts.js is CommonJS: import() of it gives no names"],
  );
});

Deno.test("faults() names what is over the budget", () => {
  const budget = { ...BUDGET, bytes: 10, startBytes: 20 };
  assert.deepEqual(faults(FILES, WEIGHT, budget), [
    `The bundle has ${WEIGHT.bytes} bytes, over the budget of 10`,
    `What start-up loads has ${WEIGHT.startBytes} bytes, over the budget of 20`,
  ]);
});
