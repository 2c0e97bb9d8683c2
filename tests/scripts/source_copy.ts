import { fileURLToPath } from "node:url";
import { INSTALLERS } from "../../core/release/release.ts";
import { run } from "../programs.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What a build needs of the source tree. */
const NEEDED = [
  ...["adapters", "cli", "core", "plugins", "scripts", "services"],
  ...["deno.json", "deno.lock", "CHANGELOG.md", "LICENSE", "README.md"],
  ...INSTALLERS,
];

/** Copies the sources into a new folder, so that a build neither reads nor writes this one's `dist`. */
export async function copySources(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const paths = NEEDED.map((name) => `${ROOT}${name}`);
  const { code, output } = await run("cp", ["-R", ...paths, folder]);
  if (code !== 0) throw new Error(output);
}

/** Runs a script of a copy, as its task does. */
export async function runCopy(
  folder: string,
  script: string,
  args: string[] = [],
  env: Record<string, string> = {},
): Promise<{ code: number; output: string }> {
  return await run(Deno.execPath(), [
    ...["run", "--no-prompt", "--allow-env", "--allow-read", "--allow-write"],
    ...["--allow-run", `${folder}/scripts/${script}`, ...args],
  ], { NO_COLOR: "1", ...env });
}
