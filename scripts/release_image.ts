/**
 * Builds the container image from the archives for Linux in `dist/release`: `deno task release:image [--push]`. It needs
 * docker with buildx; nothing runs within the image while it is built, so that no processor has to be emulated.
 *
 * @module
 */

import { parseArgs } from "node:util";
import manifest from "../deno.json" with { type: "json" };
import { readBuilt } from "./release/built_file.ts";
import { imageArguments, imagePlatforms } from "./release/image.ts";
import { read, ROOT, runScript, show } from "./run.ts";

await runScript(async () => {
  const { values: { push } } = parseArgs({
    args: Deno.args,
    options: { push: { type: "boolean", default: false } },
  });
  const { version } = manifest;
  for (const { arch, archive } of imagePlatforms(version)) {
    await readBuilt(
      `dist/release/${archive}`,
      "release:pack, for each target of Linux",
    );
    const folder = `dist/image/${arch}`;
    await Deno.mkdir(`${ROOT}${folder}`, { recursive: true });
    await show(
      "tar",
      "-xzf",
      `dist/release/${archive}`,
      "-C",
      folder,
      "rdsiam",
    );
  }
  const commit = await read("git", "rev-parse", "HEAD");
  await show("docker", ...imageArguments(version, { commit, push }));
});
