/**
 * Runs tests/e2e on the bundle as it is in the binary: in a folder with nothing else, with the binary's permissions, an
 * empty cache and no way to get modules from elsewhere: `deno task test:bundle [TESTS]`.
 *
 * The bundle stands in for the binary where the base runtime cannot be downloaded.
 *
 * @module
 */

import { PERMISSIONS } from "../cli/frame/permissions.ts";
import { quoteForShell } from "../core/text/quote_for_shell.ts";
import { ALONE } from "./bundle/alone.ts";
import { ENTRY } from "./bundle/bundle.ts";
import { writeBundle } from "./bundle/write_bundle.ts";
import { runScript, showWith } from "./run.ts";

await runScript(async () => {
  const folder = await Deno.makeTempDir({ prefix: "rdsiam-bundle-" });
  try {
    await writeBundle(`${folder}/bundle`);
    const command = [
      ...[Deno.execPath(), "run", ...ALONE, "--no-prompt", ...PERMISSIONS],
      `${folder}/bundle/${ENTRY}`,
    ];
    await Deno.writeTextFile(
      `${folder}/rdsiam`,
      `#!/bin/sh
DENO_DIR=${quoteForShell(`${folder}/cache`)} exec ${
        command.map(quoteForShell).join(" ")
      } "$@"
`,
      { mode: 0o755 },
    );
    const tests = Deno.args.length === 0 ? ["tests/e2e"] : Deno.args;
    await showWith(
      { DENO_JOBS: "4", RDSIAM_BIN: `${folder}/rdsiam` },
      Deno.execPath(),
      ...["test", "--parallel", "--no-check", "--no-prompt"],
      ...["--allow-net", "--allow-env"],
      ...["--allow-read", "--allow-write", "--allow-run", "--allow-sys"],
      ...tests,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
