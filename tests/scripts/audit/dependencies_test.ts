import assert from "node:assert/strict";
import manifest from "../../../deno.json" with { type: "json" };

/** A lock file, as far as it is looked at. */
interface Lock {
  npm: Record<string, { integrity: string }>;
}

// security: dependencies-locked
Deno.test("every dependency is from npm, at an exact version with its hash, and may run no script", async () => {
  const lock: Lock = JSON.parse(
    await Deno.readTextFile(new URL("../../../deno.lock", import.meta.url)),
  );
  const foreign = Object.entries(manifest.imports).filter(([, specifier]) =>
    !specifier.startsWith("./")
  );
  for (const [name, specifier] of foreign) {
    const version = /^npm:.+@(\d+\.\d+\.\d+(?:-[\w.]+)?)$/.exec(specifier);
    assert.ok(version, `${name}: ${specifier}`);
  }
  assert.deepEqual(Object.keys(lock).sort(), [
    "npm",
    "specifiers",
    "version",
    "workspace",
  ]);
  for (const [name, { integrity }] of Object.entries(lock.npm)) {
    assert.match(integrity, /^sha512-/, name);
  }
  // Deno runs a package's scripts where this names it, and in no other case.
  assert.ok(!("allowScripts" in manifest));
});
