/**
 * Writes the JSON Schema of the configuration file: `deno task schema`.
 *
 * @module
 */

import { configSchema } from "../core/config/json_schema.ts";

/** Where the schema is published. */
export const SCHEMA_FILE = new URL(
  "../schema/rdsiam.schema.json",
  import.meta.url,
);

/** The schema as the file has it. */
export function schemaText(): string {
  return `${JSON.stringify(configSchema(), undefined, 2)}\n`;
}

if (import.meta.main) await Deno.writeTextFile(SCHEMA_FILE, schemaText());
