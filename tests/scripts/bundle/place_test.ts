import assert from "node:assert/strict";
import { packageOf, placePackages } from "../../../scripts/bundle/place.ts";

Deno.test("placePackages() names a package's files by package, wherever the cache is", () => {
  for (
    const cache of [
      "../../../root/.cache/deno/",
      "../Library/Caches/deno/",
      "../my+cache/",
    ]
  ) {
    const path =
      `${cache}npm/registry.npmjs.org/@scope/name/1.2.3-beta.1/lib/a.js`;
    assert.equal(
      placePackages(`// ${path}\n  "${path}"(exports, module) {\n`),
      `// npm/@scope/name@1.2.3-beta.1/lib/a.js\n  "npm/@scope/name@1.2.3-beta.1/lib/a.js"(exports, module) {\n`,
    );
  }
});

Deno.test("placePackages() leaves rdsiam's own files and texts alone", () => {
  const text = '// core/npm.ts\nconst url = "a/npm/registry/x/1.2.3/";\n';
  assert.equal(placePackages(text), text);
});

Deno.test("packageOf() reads name and version of a package's file", () => {
  assert.deepEqual(packageOf("npm/@scope/name@1.2.3-beta.1/lib/a@b.js"), {
    name: "@scope/name",
    version: "1.2.3-beta.1",
  });
  assert.deepEqual(packageOf("npm/name@1.2.3/index.js"), {
    name: "name",
    version: "1.2.3",
  });
  assert.equal(packageOf("core/npm.ts"), undefined);
});
