/**
 * Makes the JavaScript that goes into the binary, and checks it: `deno task bundle [--output FOLDER] [--accept]`.
 *
 * `--accept` writes what the bundle weighs and holds into `scripts/bundle/budget.json`, where a change means to change it.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { writeBundle } from "./bundle/write_bundle.ts";
import { ROOT, runScript } from "./run.ts";

await runScript(async () => {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      output: { type: "string", default: `${ROOT}dist/bundle` },
      accept: { type: "boolean", default: false },
    },
  });
  await writeBundle(values.output, { accept: values.accept });
});
