import type { BundleFile } from "./bundle.ts";

/**
 * The files that an entry can come to load. The bundler also writes those whose only `import()` it dropped as dead code;
 * nothing can load them, and `deno compile` does not embed them.
 */
export function reachableFiles(
  files: readonly BundleFile[],
  entry: string,
): BundleFile[] {
  return filesFrom(files, entry, /"\.\/([\w.-]+\.js)"/g);
}

/** The files that an entry loads before its first statement runs. */
export function startFiles(
  files: readonly BundleFile[],
  entry: string,
): BundleFile[] {
  return filesFrom(files, entry, /(?:from|import) "\.\/([\w.-]+\.js)";/g);
}

function filesFrom(
  files: readonly BundleFile[],
  entry: string,
  reference: RegExp,
): BundleFile[] {
  const texts = new Map(files.map(({ name, text }) => [name, text]));
  const found = new Set([entry]);
  for (const name of found) {
    for (const [, next = ""] of (texts.get(name) ?? "").matchAll(reference)) {
      if (texts.has(next)) found.add(next);
    }
  }
  return files.filter(({ name }) => found.has(name));
}
