/**
 * Names the files of npm packages by package and version. The bundler names them by their path from the working directory
 * to Deno's cache, which is another one on every machine.
 */

/** `../../.cache/deno/npm/registry.npmjs.org/@scope/name/1.2.3/` in a comment or as the key of a CommonJS module. */
const CACHED =
  /(?:\.\.?\/|\/)?(?:[\w@.+~-]+\/)*?npm\/[\w.-]+\/((?:@[\w.-]+\/)?[\w.-]+)\/(\d+\.\d+\.\d+[\w.+-]*)\//g;

const PATH_LINE = /^ *\/\/ .*$|^ *".*"\((?:exports|module|__|\)).*$/gm;

/** Replaces machine-dependent paths by `npm/NAME@VERSION/`. */
export function placePackages(text: string): string {
  return text.replace(
    PATH_LINE,
    (line) => line.replace(CACHED, "npm/$1@$2/"),
  );
}

/** The package that a placed path belongs to; `undefined` for a file of rdsiam's own. */
export function packageOf(
  path: string,
): { name: string; version: string } | undefined {
  const [, name, version] =
    /^npm\/((?:@[^/]+\/)?[^/@]+)@([^/]+)\//.exec(path) ??
      [];
  return name === undefined || version === undefined
    ? undefined
    : { name, version };
}
