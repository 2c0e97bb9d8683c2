/**
 * Makes the binary for this machine: `deno task compile [--output FILE]`.
 *
 * Everything but the base runtime is checked before it is needed: types, then the bundle. `deno compile` downloads the
 * base runtime unless `DENORT_BIN` names one.
 *
 * @module
 */
// deno-lint-ignore-file no-console

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { PERMISSIONS } from "../cli/permissions.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MAIN = "cli/main.ts";

async function deno(...args: string[]): Promise<void> {
  console.log(`$ deno ${args.join(" ")}`);
  const { success, code } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
  }).spawn().status;
  if (!success) {
    throw new Error(`deno ${args[0]} failed with exit code ${code}`);
  }
}

const { values } = parseArgs({
  args: Deno.args,
  options: { output: { type: "string", default: "dist/rdsiam" } },
});

try {
  await deno("check", MAIN);
  await deno(
    "compile",
    // One file instead of every npm package of the lock file, PostgreSQL's included. Not --minify: Deno 2.9.6 turns
    // `using x = f(); return x.y` into `return f().y` with it, and so leaves locks and sockets open.
    ...["--bundle", "--exclude-unused-npm"],
    ...["--no-prompt", ...PERMISSIONS],
    ...["--output", values.output, MAIN],
  );
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  console.error(
    "hint: Where the base runtime cannot be downloaded, name one with DENORT_BIN",
  );
  Deno.exit(1);
}
