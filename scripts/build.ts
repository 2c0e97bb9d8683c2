/**
 * Makes binaries: `deno task compile [--target TRIPLE | --all] [--output FILE]`.
 *
 * Written is `dist/rdsiam`, or `dist/TRIPLE/rdsiam` where targets are named.
 *
 * All that can be checked comes before the base runtime is needed: types, then the bundle. `deno compile` downloads the
 * base runtime of each target, unless `DENORT_BIN` names one.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { PERMISSIONS } from "../cli/frame/permissions.ts";
import {
  programName,
  RELEASE_TARGETS,
  releaseTarget,
} from "../core/release/release.ts";
import { ALONE } from "./bundle/alone.ts";
import { ENTRY } from "./bundle/bundle.ts";
import { writeBundle } from "./bundle/write_bundle.ts";
import { ROOT, runScript, show } from "./run.ts";

const BUNDLE = `${ROOT}dist/bundle`;

/** The targets that are asked for; this machine's where none is. */
function wantedTargets(triple: string | undefined, all: boolean) {
  if (all) return RELEASE_TARGETS;
  const { os, arch } = Deno.build;
  const found = triple === undefined
    ? releaseTarget(os, arch)
    : RELEASE_TARGETS.find((target) => target.triple === triple);
  if (found === undefined) {
    throw new Error(`Target "${triple ?? Deno.build.target}" is not known`, {
      cause: `Known: ${RELEASE_TARGETS.map(({ triple }) => triple).join(", ")}`,
    });
  }
  return [found];
}

async function compile(target: string, output: string): Promise<void> {
  await show(
    Deno.execPath(),
    ...["compile", "--target", target],
    // All is in the bundle: no configuration, lock file or npm package has a say. It is checked for types already.
    ...[...ALONE, "--no-check", "--no-prompt", ...PERMISSIONS],
    // V8's code cache would be a file in the temporary folder, readable by all, by a name that anybody can plant first.
    "--no-code-cache",
    ...["--output", output, `${BUNDLE}/${ENTRY}`],
  ).catch((cause: Error) => {
    throw new Error(cause.message, {
      cause:
        "Where the base runtime cannot be downloaded, name one with DENORT_BIN",
    });
  });
}

await runScript(async () => {
  const { values: { target, all, output } } = parseArgs({
    args: Deno.args,
    options: {
      target: { type: "string" },
      all: { type: "boolean", default: false },
      output: { type: "string" },
    },
  });
  if (all && (target ?? output) !== undefined) {
    throw new Error("--all excludes --target and --output");
  }
  const targets = wantedTargets(target, all);
  await show(Deno.execPath(), "check", "--quiet", "cli/main.ts");
  await writeBundle(BUNDLE);
  for (const wanted of targets) {
    const folder = target === undefined && !all
      ? "dist"
      : `dist/${wanted.triple}`;
    const path = `${folder}/${programName(wanted)}`;
    await compile(wanted.triple, output ?? `${ROOT}${path}`);
  }
});
