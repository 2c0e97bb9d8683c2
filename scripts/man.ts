/**
 * Writes the man pages: `deno task man [DIR]`, by default to `dist/man`. They are those of the commands as declared, dated
 * today or by `SOURCE_DATE_EPOCH` (https://reproducible-builds.org/docs/source-date-epoch/).
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { declareProgram } from "../cli/app.ts";
import { createInvocation } from "../cli/run.ts";
import { createContext } from "../cli/frame/create_context.ts";
import { manPages } from "../cli/man/page.ts";
import manifest from "../deno.json" with { type: "json" };

/** The pages by file name. */
export async function renderPages(
  now: number,
): Promise<ReadonlyMap<string, string>> {
  const invocation = createInvocation(createContext());
  const program = await declareProgram(invocation, () => true);
  const date = new Date(now).toISOString().slice(0, "YYYY-MM-DD".length);
  return manPages(program, { version: manifest.version, date });
}

if (import.meta.main) {
  const [folder = fileURLToPath(new URL("../dist/man", import.meta.url))] =
    Deno.args;
  const epoch = Deno.env.get("SOURCE_DATE_EPOCH");
  const now = epoch === undefined ? Date.now() : Number(epoch) * 1000;
  await Deno.mkdir(folder, { recursive: true });
  for (const [name, text] of await renderPages(now)) {
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
}
