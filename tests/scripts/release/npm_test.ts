import assert from "node:assert/strict";
import { join } from "node:path";
import manifest from "../../../deno.json" with { type: "json" };
import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { KEY } from "../../e2e/rdsiam.ts";
import { isMissing, run } from "../../programs.ts";
import { copySources, runCopy } from "../source_copy.ts";

const { version } = manifest;
const TOKEN = [
  "token",
  "-h",
  "db.abc.eu-west-1.rds.amazonaws.com",
  "-U",
  "app",
];

Deno.test("the npm package runs with Node alone: npx, without a network from then on, and installed", async (t) => {
  if (await isMissing(t, "npm")) return;
  await using folder = await temporaryFolder();
  const source = join(folder.path, "source");
  await copySources(source);
  const made = await runCopy(source, "release_npm.ts", []);
  assert.equal(made.code, 0, made.output);
  const home = join(folder.path, "home");
  await Deno.mkdir(home);

  /** Runs a program of a user who has Node, and has never had rdsiam. */
  async function node(program: string, ...args: string[]): Promise<string> {
    const { code, output } = await run(program, args, {
      HOME: home,
      npm_config_cache: join(home, "npm"),
      npm_config_update_notifier: "false",
      DENO_DIR: join(home, "deno"),
      ...KEY,
    });
    assert.equal(code, 0, output);
    return output;
  }

  const packed = ["--silent", "--pack-destination", folder.path];
  await node("npm", "pack", join(source, "dist/npm"), ...packed);
  const tarball = join(folder.path, `rdsiam-${version}.tgz`);
  const npx = ["--yes", "--package", tarball, "--", "rdsiam"];
  assert.match(
    await node("npx", ...npx, "--version"),
    new RegExp(`^rdsiam ${RegExp.escape(version)}$`, "m"),
  );
  assert.match(
    await node("npx", "--offline", ...npx, ...TOKEN),
    /^db\.abc\.eu-west-1\.rds\.amazonaws\.com:5432\/\?Action=connect/m,
  );
  const prefix = join(folder.path, "prefix");
  await node(
    "npm",
    "install",
    "--offline",
    "--global",
    "--prefix",
    prefix,
    tarball,
  );
  const program = join(prefix, "bin/rdsiam");
  const { code } = await run(program, [
    "exec",
    ...TOKEN.slice(1),
    "--",
    "sh",
    "-c",
    "exit 7",
  ], { HOME: home, ...KEY });
  assert.equal(code, 7);
});
