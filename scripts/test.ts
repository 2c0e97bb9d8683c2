/**
 * Runs the tests: `deno task test [FILES]`. First core's, with no permissions at all; then all others side by side; at
 * last the examples of README.md and of the doc comments. Where files are named, these alone.
 *
 * What is driven as a process is the bundle as it is in the binary: in a folder with nothing else, with the binary's
 * permissions, an empty cache and no way to get modules from elsewhere. It starts faster than the source tree, and it
 * stands in for the binary where the base runtime cannot be downloaded. `RDSIAM_BIN` names another executable.
 *
 * @module
 */

import { PERMISSIONS } from "../cli/frame/permissions.ts";
import { quoteForShell } from "../core/text/quote_for_shell.ts";
import { ALONE } from "./bundle/alone.ts";
import { ENTRY } from "./bundle/bundle.ts";
import { makeBundle } from "./bundle/make_bundle.ts";
import { runScript, showWith } from "./run.ts";

/** Not checked for types, which `deno task check` does once. */
const TEST = ["test", "--parallel", "--no-check", "--no-prompt"] as const;
const ALLOWED = [
  ...["--allow-net", "--allow-env", "--allow-read", "--allow-write"],
  ...["--allow-run", "--allow-sys"],
] as const;

/** What holds examples. */
const DOCUMENTED = ["README.md", "mod.ts", "core", "services"] as const;

async function deno(
  env: Record<string, string>,
  ...args: string[]
): Promise<void> {
  await showWith(env, Deno.execPath(), ...args);
}

/** Makes the bundle in a folder, and a program that runs it. */
async function makeProgram(folder: string): Promise<string> {
  await Deno.mkdir(`${folder}/bundle`);
  for (const { name, text } of await makeBundle()) {
    await Deno.writeTextFile(`${folder}/bundle/${name}`, text);
  }
  const command = [
    ...[Deno.execPath(), "run", ...ALONE, "--no-prompt", ...PERMISSIONS],
    `${folder}/bundle/${ENTRY}`,
  ].map(quoteForShell).join(" ");
  const cache = quoteForShell(`${folder}/cache`);
  await Deno.writeTextFile(
    `${folder}/rdsiam`,
    `#!/bin/sh\nDENO_DIR=${cache} exec ${command} "$@"\n`,
    { mode: 0o755 },
  );
  return `${folder}/rdsiam`;
}

await runScript(async () => {
  const isAll = Deno.args.length === 0;
  if (isAll) await deno({}, ...TEST, "tests/core");
  const folder = await Deno.makeTempDir({ prefix: "rdsiam-bundle-" });
  try {
    // Who runs as another user must reach it.
    await Deno.chmod(folder, 0o755);
    const tests = isAll ? ["--ignore=tests/core", "tests"] : Deno.args;
    await deno(
      {
        DENO_JOBS: "4",
        RDSIAM_BIN: Deno.env.get("RDSIAM_BIN") || await makeProgram(folder),
      },
      ...[...TEST, ...ALLOWED, ...tests],
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  if (isAll) {
    await deno({}, "test", "--no-prompt", "--doc", ...DOCUMENTED);
  }
});
