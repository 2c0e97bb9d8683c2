import assert from "node:assert/strict";
import { SCHEMA_FILE, schemaText } from "../../scripts/config_schema.ts";

Deno.test("The published schema is that of the definition: else run deno task schema", async () => {
  assert.equal(await Deno.readTextFile(SCHEMA_FILE), schemaText());
});
