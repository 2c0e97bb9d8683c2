/**
 * Lays out the npm package `rdsiam` in `dist/npm`, ready for `npm publish`: `deno task release:npm`. It makes the bundle
 * first.
 *
 * @module
 */

import manifest from "../deno.json" with { type: "json" };
import { PERMISSIONS } from "../cli/frame/permissions.ts";
import { ALONE } from "./bundle/alone.ts";
import { LICENCES, writeBundle } from "./bundle/write_bundle.ts";
import { renderNpmManifest, renderNpmProgram } from "./release/npm_manifest.ts";
import { ROOT, runScript } from "./run.ts";

const FOLDER = `${ROOT}dist/npm`;

await runScript(async () => {
  await Deno.mkdir(FOLDER, { recursive: true });
  await Deno.remove(FOLDER, { recursive: true });
  await writeBundle(`${FOLDER}/bundle`);
  await Deno.rename(`${FOLDER}/bundle/${LICENCES}`, `${FOLDER}/${LICENCES}`);
  for (const name of ["LICENSE", "README.md"]) {
    await Deno.copyFile(`${ROOT}${name}`, `${FOLDER}/${name}`);
  }
  // The files are ES modules, by this and not by their names, which are the same in the binary.
  await Deno.writeTextFile(
    `${FOLDER}/bundle/package.json`,
    '{ "type": "module" }\n',
  );
  await Deno.writeTextFile(
    `${FOLDER}/package.json`,
    renderNpmManifest(manifest.version, Deno.version.deno),
  );
  await Deno.writeTextFile(
    `${FOLDER}/rdsiam.cjs`,
    renderNpmProgram([...ALONE, "--no-prompt", ...PERMISSIONS]),
    { mode: 0o755 },
  );
});
