/**
 * `deno task audit`: whether a dependency has a known weakness, and which licences all of them have. Exits 1 when
 * somebody has to look, 2 when npm could not be asked; the licences need no network.
 *
 * @module
 */
// deno-lint-ignore-file no-console

import { fileURLToPath } from "node:url";
import {
  type InstalledPackage,
  licenceOf,
  lockedPackages,
  reviewLicences,
} from "./audit/licences.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

async function deno(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

/** What nobody is given: a client of MariaDB, LGPL, that tests log in with. `deno task bundle` refuses it in the binary. */
const TESTS_ALONE = /^mariadb@/;

/** The packages that are installed here; those for other systems are not. */
async function installedPackages(): Promise<InstalledPackage[]> {
  const { npmCache } = JSON.parse((await deno("info", "--json")).stdout);
  const registries = await Array.fromAsync(Deno.readDir(npmCache));
  const found: InstalledPackage[] = [];
  for (
    const id of lockedPackages(await Deno.readTextFile(`${ROOT}deno.lock`))
  ) {
    const at = id.lastIndexOf("@");
    for (const registry of registries) {
      const folder = `${npmCache}/${registry.name}/${id.slice(0, at)}`;
      try {
        const manifest = await Deno.readTextFile(
          `${folder}/${id.slice(at + 1)}/package.json`,
        );
        found.push({ id, licence: licenceOf(manifest) });
        break;
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
  }
  return found;
}

async function auditLicences(): Promise<boolean> {
  await deno("install");
  const packages = await installedPackages();
  const { counts, doubtful } = reviewLicences(
    packages.filter(({ id }) => !TESTS_ALONE.test(id)),
  );
  console.log(`Licences of ${packages.length} packages:`);
  for (const [licence, count] of counts) console.log(`  ${count} ${licence}`);
  for (const { id, licence = "no licence" } of doubtful) {
    console.log(`Look at ${id}: ${licence}`);
  }
  return doubtful.length === 0;
}

/** Asks npm for advisories; `undefined`, when it cannot be asked. */
async function auditWeaknesses(): Promise<boolean | undefined> {
  const { code, stdout, stderr } = await deno("audit");
  console.log(`${stdout}${stderr}`.split("\n\nCaused by:")[0]?.trimEnd());
  if (code === 0) return true;
  if (!/error sending request/.test(stderr)) return false;
  console.log(
    "Known weaknesses were not looked up: npm's registry cannot be reached",
  );
  return undefined;
}

if (import.meta.main) {
  const isLicensed = await auditLicences();
  const isSound = await auditWeaknesses();
  Deno.exit(!isLicensed || isSound === false ? 1 : isSound ? 0 : 2);
}
