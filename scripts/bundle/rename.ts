import { createHash } from "node:crypto";
import { BUNDLED_ENTRY, type BundleFile, ENTRY } from "./bundle.ts";

/** The bundler's names: a stem, and a hash of paths that differ from machine to machine. */
const NAME = /\b([\w.-]+)-([0-9A-Z]{8})\.js\b/g;

/** Names files by what is in them, so that the same sources give the same files wherever they lie. */
export function renameFiles(files: readonly BundleFile[]): BundleFile[] {
  const known = new Set(files.map(({ name }) => name));
  const names = new Map([[BUNDLED_ENTRY, ENTRY]]);
  for (const { name, text } of files) {
    if (name === BUNDLED_ENTRY) continue;
    const nameless = replaceNames(text, known, (_, stem) => `${stem}.js`);
    const hash = createHash("sha256").update(nameless).digest("hex");
    names.set(name, `${name.replace(NAME, "$1")}-${hash.slice(0, 10)}.js`);
  }
  if (new Set(names.values()).size !== names.size) {
    throw new Error("Two files of the bundle hold the same");
  }
  return files.map(({ name, text }) => ({
    name: names.get(name) ?? name,
    text: replaceNames(text, known, (old) => names.get(old) ?? old),
  })).sort((a, b) => a.name < b.name ? -1 : 1);
}

function replaceNames(
  text: string,
  known: ReadonlySet<string>,
  rename: (name: string, stem: string) => string,
): string {
  return text.replace(
    NAME,
    (name, stem) => known.has(name) ? rename(name, stem) : name,
  );
}
