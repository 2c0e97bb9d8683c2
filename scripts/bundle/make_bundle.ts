import { read, ROOT, showWith } from "../run.ts";
import { BUNDLED_ENTRY, type BundleFile } from "./bundle.ts";
import { writeCommit } from "./commit.ts";
import {
  COMMANDER_IMPORTS,
  countPutOff,
  putOffCommander,
  putOffRequire,
} from "./lazy_builtins.ts";
import { placePackages } from "./place.ts";
import { reachableFiles } from "./reachable.ts";
import { renameFiles } from "./rename.ts";

/** What the bundler made, before anything is done with it. */
async function bundled(): Promise<BundleFile[]> {
  const folder = await Deno.makeTempDir();
  try {
    await showWith(
      // Of packages that are there as CommonJS and as ES modules, the modules: they are smaller without what nobody
      // uses, and `import()` of CommonJS gives no names in a bundle.
      { DENO_CONDITIONS: "module" },
      Deno.execPath(),
      ...["bundle", "--quiet", "--frozen", "--code-splitting"],
      ...["--outdir", folder, `cli/${BUNDLED_ENTRY.replace(/js$/, "ts")}`],
    );
    const files: BundleFile[] = [];
    for await (const { name } of Deno.readDir(folder)) {
      files.push({ name, text: await Deno.readTextFile(`${folder}/${name}`) });
    }
    return files.sort((a, b) => a.name < b.name ? -1 : 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The commit of the source tree, with `-dirty` where files differ from it; empty outside a repository. */
async function currentCommit(): Promise<string> {
  try {
    const commit = await read("git", "rev-parse", "HEAD");
    const changes = await read("git", "status", "--porcelain");
    return changes === "" ? commit : `${commit}-dirty`;
  } catch {
    return ""; // an unpacked archive of the sources
  }
}

/**
 * Makes the bundle: the same bytes wherever the sources of a commit lie. It is not minified, so that whoever wants to
 * know what the binary runs can read it.
 */
export async function makeBundle(): Promise<BundleFile[]> {
  const commit = await currentCommit();
  const files = (await bundled()).map(({ name, text }) => {
    const lazy = putOffCommander(putOffRequire(placePackages(text)));
    return { name, text: commit === "" ? lazy : writeCommit(lazy, commit) };
  });
  const all = files.map(({ text }) => text).join("\n");
  const putOff = countPutOff(all);
  if (putOff !== COMMANDER_IMPORTS) {
    throw new Error(
      `${putOff} of commander's imports are put off, not ${COMMANDER_IMPORTS}: see scripts/bundle/lazy_builtins.ts`,
    );
  }
  if (commit !== "" && !all.includes(`var COMMIT = "${commit}";`)) {
    throw new Error("The commit is not in the bundle");
  }
  if (all.includes(ROOT)) {
    throw new Error(`The bundle names ${ROOT}: it would differ elsewhere`);
  }
  return renameFiles(reachableFiles(files, BUNDLED_ENTRY));
}
