/**
 * Packs binaries that `deno task compile` made: `deno task release:pack [TRIPLE...]`, default this machine's. Writes
 * `dist/release/rdsiam-VERSION-TRIPLE.tar.gz`, or `.zip`.
 *
 * @module
 */
// deno-lint-ignore-file no-console

import manifest from "../deno.json" with { type: "json" };
import {
  archiveName,
  programName,
  RELEASE_TARGETS,
  type ReleaseTarget,
} from "../core/release/release.ts";
import { LICENCES } from "./bundle/write_bundle.ts";
import { type ArchivedFile, packTarGz, packZip } from "./release/archive.ts";
import { readBuilt } from "./release/built_file.ts";
import { commitTime } from "./release/commit_time.ts";
import { renderShellFiles } from "./release/shell_files.ts";
import { ROOT, runScript } from "./run.ts";

async function pack(target: ReleaseTarget, time: Date): Promise<void> {
  const program = programName(target);
  const compile = `compile --target ${target.triple}`;
  const sources: [name: string, path: string][] = [
    [program, `dist/${target.triple}/${program}`],
    ["LICENSE", "LICENSE"],
    [LICENCES, `dist/bundle/${LICENCES}`],
    ["README.md", "README.md"],
  ];
  const files: ArchivedFile[] = await Promise.all(
    sources.map(async ([name, path]) => ({
      name,
      data: await readBuilt(path, compile),
      executable: name === program,
    })),
  );
  const shellFiles = [...await renderShellFiles(time)].map(([name, text]) => ({
    name,
    data: new TextEncoder().encode(text),
    executable: false,
  }));
  files.push(...shellFiles);
  const archive = archiveName(manifest.version, target);
  const data = target.os === "windows"
    ? packZip(files, time)
    : packTarGz(files, time);
  await Deno.mkdir(`${ROOT}dist/release`, { recursive: true });
  await Deno.writeFile(`${ROOT}dist/release/${archive}`, data);
  console.log(`dist/release/${archive}: ${data.length} bytes`);
}

await runScript(async () => {
  const wanted = Deno.args.length === 0 ? [Deno.build.target] : Deno.args;
  const time = await commitTime();
  for (const triple of wanted) {
    const target = RELEASE_TARGETS.find((target) => target.triple === triple);
    if (target === undefined) {
      throw new Error(`Target "${triple}" is not known`, {
        cause: `Known: ${
          RELEASE_TARGETS.map(({ triple }) => triple).join(", ")
        }`,
      });
    }
    await pack(target, time);
  }
});
