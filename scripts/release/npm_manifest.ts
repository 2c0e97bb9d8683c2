import { NPM_PACKAGE, REPOSITORY_URL } from "../../core/release/release.ts";
import { DESCRIPTION } from "./assets.ts";

/** Renders the `package.json` of the npm package `rdsiam`: the bundle, and Deno to run it. */
export function renderNpmManifest(version: string, deno: string): string {
  return `${
    JSON.stringify(
      {
        name: NPM_PACKAGE,
        version,
        description: DESCRIPTION,
        license: "MIT",
        homepage: `${REPOSITORY_URL}#readme`,
        repository: { type: "git", url: `git+${REPOSITORY_URL}.git` },
        bugs: `${REPOSITORY_URL}/issues`,
        keywords: ["aws", "rds", "aurora", "iam", "postgres", "mysql", "psql"],
        type: "commonjs",
        bin: { rdsiam: "rdsiam.cjs" },
        files: ["rdsiam.cjs", "bundle", "THIRD_PARTY_LICENSES"],
        engines: { node: ">=18" },
        // Exactly the version that the binary carries and that was tested.
        dependencies: { deno },
        publishConfig: { access: "public", provenance: true },
      },
      null,
      2,
    )
  }\n`;
}

/**
 * Renders the program of the npm package, which Node starts: it runs the bundle in Deno with rdsiam's own permissions.
 * Signals that are for rdsiam alone are passed on; those of the terminal reach both.
 */
export function renderNpmProgram(flags: readonly string[]): string {
  return `#!/usr/bin/env node
"use strict";
const { spawn } = require("node:child_process");
const { existsSync } = require("node:fs");
const { constants } = require("node:os");
const { dirname, join } = require("node:path");

const name = process.platform === "win32" ? "deno.exe" : "deno";
let deno = join(dirname(require.resolve("deno/package.json")), name);
// Where install scripts are off, Deno's package has not put its program there yet.
if (!existsSync(deno)) deno = require("deno/install_api.cjs").runInstall();

const flags = ${JSON.stringify(flags)};
const child = spawn(
  deno,
  ["run", ...flags, join(__dirname, "bundle", "rdsiam.js"), ...process.argv.slice(2)],
  { stdio: "inherit" },
);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    // Ctrl-C reaches the whole foreground group: a second one would cut the first one's clean-up short.
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on("error", (error) => {
  console.error("error: Deno cannot be started: " + error.message);
  process.exit(1);
});
child.on("exit", (code, signal) => {
  process.exit(code ?? 128 + constants.signals[signal]);
});
`;
}
