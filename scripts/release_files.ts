/**
 * Writes what goes beside the archives in `dist/release`, and into the package managers: `deno task release:files`.
 *
 * - `dist/release/SHA256SUMS`, the bill of materials `rdsiam-VERSION.cdx.json`, `install.sh` and `install.ps1`
 * - `dist/managers/notes.md`, `rdsiam.rb` (Homebrew) and `rdsiam.json` (Scoop)
 *
 * The archives of every target have to be there, and the bundle that they were made of.
 *
 * @module
 */
// deno-lint-ignore-file no-console

import { createHash } from "node:crypto";
import manifest from "../deno.json" with { type: "json" };
import {
  archiveName,
  CHECKSUMS_NAME,
  INSTALLERS,
  RELEASE_TARGETS,
} from "../core/release/release.ts";
import { weigh } from "./bundle/check.ts";
import { ENTRY } from "./bundle/bundle.ts";
import { readBundle } from "./bundle/read_bundle.ts";
import { readLicences } from "./bundle/read_licences.ts";
import { readBuilt } from "./release/built_file.ts";
import { renderChecksums } from "./release/checksums.ts";
import { commitTime } from "./release/commit_time.ts";
import { renderFormula } from "./release/homebrew.ts";
import { readIntegrity } from "./release/lock.ts";
import { releaseNotes } from "./release/notes.ts";
import { renderSbom } from "./release/sbom.ts";
import { renderScoop } from "./release/scoop.ts";
import { ROOT, runScript } from "./run.ts";

const { version } = manifest;

async function sbom(): Promise<string> {
  const { packages } = weigh(await readBundle(`${ROOT}dist/bundle`), ENTRY);
  return renderSbom({
    version,
    deno: Deno.version.deno,
    time: (await commitTime()).toISOString(),
    packages: await readLicences(packages),
    integrity: readIntegrity(await Deno.readTextFile(`${ROOT}deno.lock`)),
  });
}

async function checksum(name: string): Promise<[string, string]> {
  const data = await readBuilt(
    `dist/release/${name}`,
    "release:pack, for each target",
  );
  return [name, createHash("sha256").update(data).digest("hex")];
}

async function write(path: string, text: string): Promise<void> {
  await Deno.writeTextFile(`${ROOT}dist/${path}`, text);
  console.log(`dist/${path}`);
}

await runScript(async () => {
  const notes = releaseNotes(
    await Deno.readTextFile(`${ROOT}CHANGELOG.md`),
    version,
  );
  await readBuilt(`dist/bundle/${ENTRY}`, "bundle");
  const materials = `rdsiam-${version}.cdx.json`;
  await write(`release/${materials}`, await sbom());
  const archives = RELEASE_TARGETS.map((target) =>
    archiveName(version, target)
  );
  for (const name of INSTALLERS) {
    await Deno.copyFile(`${ROOT}${name}`, `${ROOT}dist/release/${name}`);
    console.log(`dist/release/${name}`);
  }
  const checksums = new Map(
    await Promise.all([...archives, materials, ...INSTALLERS].map(checksum)),
  );
  const release = { version, checksums };
  await write(`release/${CHECKSUMS_NAME}`, renderChecksums(checksums));
  await Deno.mkdir(`${ROOT}dist/managers`, { recursive: true });
  await write("managers/notes.md", notes);
  await write("managers/rdsiam.rb", renderFormula(release));
  await write("managers/rdsiam.json", renderScoop(release));
});
