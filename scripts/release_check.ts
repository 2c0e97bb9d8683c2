/**
 * Checks, before anything is built, that a tag is the version of this tree and that the changelog tells of it:
 * `deno task release:check v1.2.3`.
 *
 * @module
 */

import manifest from "../deno.json" with { type: "json" };
import { releaseTag } from "../core/release/release.ts";
import { releaseNotes } from "./release/notes.ts";
import { ROOT, runScript } from "./run.ts";

await runScript(async () => {
  const { version } = manifest;
  const [tag = ""] = Deno.args;
  if (tag !== releaseTag(version)) {
    throw new Error(
      `Tag "${tag}" is not ${releaseTag(version)}, the version in deno.json`,
    );
  }
  releaseNotes(await Deno.readTextFile(`${ROOT}CHANGELOG.md`), version);
});
