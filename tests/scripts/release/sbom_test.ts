import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Ajv } from "ajv";
import { renderSbom } from "../../../scripts/release/sbom.ts";

const MATERIALS = {
  version: "1.2.3",
  deno: "2.9.6",
  time: "2026-01-31T00:00:00.000Z",
  packages: [
    {
      name: "@scope/name",
      version: "1.0.0-rc.1",
      licence: "Apache-2.0",
      author: "Ann",
      homepage: "https://a.example",
    },
    { name: "b", version: "2.0.0", licence: "ISC", author: "", homepage: "" },
  ],
  integrity: new Map([
    ["@scope/name@1.0.0-rc.1", `sha512-${btoa("x".repeat(64))}`],
    ["b@2.0.0", `sha512-${btoa("y".repeat(64))}`],
  ]),
};

/** CycloneDX's own schema, from the library that it publishes. */
async function validator() {
  const main = import.meta.resolve("@cyclonedx/cyclonedx-library");
  const manifest = createRequire(main).resolve(
    "@cyclonedx/cyclonedx-library/package.json",
  );
  const folder = join(dirname(manifest), "res/schema");
  const [bom, ...others] = await Promise.all(
    ["bom-1.6", "spdx", "jsf-0.82"].map(async (name) =>
      JSON.parse(
        await Deno.readTextFile(join(folder, `${name}.SNAPSHOT.schema.json`)),
      )
    ),
  );
  const ajv = new Ajv({ strict: false, validateFormats: false });
  for (const schema of others) {
    const { $id } = schema;
    schema.$id = $id.replace(
      /[\w.-]+$/,
      (name: string) => name.replace(".schema", ".SNAPSHOT.schema"),
    );
    ajv.addSchema(schema);
  }
  return ajv.compile(bom);
}

Deno.test("renderSbom() writes what CycloneDX's schema takes", async () => {
  const validate = await validator();
  const bom = JSON.parse(renderSbom(MATERIALS));
  assert.equal(validate(bom), true, JSON.stringify(validate.errors));
  // The schema does look at what is within.
  bom.components[0].licenses[0].license.id = "none of SPDX's";
  assert.equal(validate(bom), false);
});

Deno.test("renderSbom() names each package with its checksum, the same each time", () => {
  const text = renderSbom(MATERIALS);
  assert.equal(renderSbom(MATERIALS), text);
  const { components, dependencies } = JSON.parse(text);
  const named = (name: string) =>
    components.find((component: { name: string }) => component.name === name);
  const [deno, scoped, plain] = ["deno", "name", "b"].map(named);
  assert.equal(deno.purl, "pkg:github/denoland/deno@v2.9.6");
  assert.deepEqual([scoped.group, scoped.name], ["@scope", "name"]);
  assert.equal(scoped.purl, "pkg:npm/%40scope/name@1.0.0-rc.1");
  assert.equal(scoped.hashes[0].content, "78".repeat(64));
  assert.equal(plain.purl, "pkg:npm/b@2.0.0");
  const own = dependencies.find((each: { ref: string }) =>
    each.ref === "pkg:github/rdsiam/rdsiam@v1.2.3"
  );
  assert.equal(own.dependsOn.length, 3);
});

Deno.test("renderSbom() refuses a package that is not locked", () => {
  const unlocked = { ...MATERIALS, integrity: new Map() };
  assert.throws(
    () => renderSbom(unlocked),
    /name@1\.0\.0-rc\.1 is not in deno\.lock/,
  );
});
