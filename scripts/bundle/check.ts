import type { BundleFile } from "./bundle.ts";
import { packageOf } from "./place.ts";
import { startFiles } from "./reachable.ts";
import { sourcePaths } from "./sections.ts";

/** Whose files may be in a bundle, beside those of the npm packages that are listed. */
const OWN =
  /^(?:(?:adapters|cli|core|plugins|services)\/[\w/]+\.ts|deno\.json)$/;

/** How the bundler ends a file for `import()` of a CommonJS module, whose names it leaves out. */
const COMMON_JS = /^export default require_\w+\(\);$/m;

/** What a bundle may weigh and hold: `scripts/bundle/budget.json`. */
export interface Budget {
  /** All files together. */
  bytes: number;
  /** What `rdsiam token` loads, all that {@linkcode startFiles} finds. */
  startBytes: number;
  /** The names of the npm packages. */
  packages: string[];
}

/** What a bundle weighs and holds. */
export interface Weight {
  files: number;
  sources: number;
  bytes: number;
  startBytes: number;
  /** The npm packages, `name@version`. */
  packages: string[];
}

/** Weighs a bundle. */
export function weigh(files: readonly BundleFile[], entry: string): Weight {
  const paths = sourcePaths(files.map(({ text }) => text));
  const packages = new Set<string>();
  for (const path of paths) {
    const found = packageOf(path);
    if (found) packages.add(`${found.name}@${found.version}`);
  }
  return {
    files: files.length,
    sources: paths.length,
    bytes: sum(files),
    startBytes: sum(startFiles(files, entry)),
    packages: [...packages].sort(),
  };
}

/** What is wrong with a bundle, a line each; empty where nothing is. */
export function faults(
  files: readonly BundleFile[],
  weight: Weight,
  budget: Budget,
): string[] {
  const paths = sourcePaths(files.map(({ text }) => text));
  const names = new Set(
    weight.packages.map((name) => name.replace(/@[^@]+$/, "")),
  );
  return [
    ...files.filter(({ text }) => COMMON_JS.test(text))
      .map(({ name }) => `${name} is CommonJS: import() of it gives no names`),
    ...paths.filter((path) => packageOf(path) === undefined && !OWN.test(path))
      .map((path) => `${path} is not to be in the bundle`),
    ...[...names].filter((name) => !budget.packages.includes(name))
      .map((name) => `npm package ${name} is new`),
    ...budget.packages.filter((name) => !names.has(name))
      .map((name) => `npm package ${name} is gone`),
    ...over("The bundle", weight.bytes, budget.bytes),
    ...over("What start-up loads", weight.startBytes, budget.startBytes),
  ];
}

function over(what: string, bytes: number, limit: number): string[] {
  return bytes <= limit
    ? []
    : [`${what} has ${bytes} bytes, over the budget of ${limit}`];
}

function sum(files: readonly BundleFile[]): number {
  const encoder = new TextEncoder();
  return files.reduce((sum, { text }) => sum + encoder.encode(text).length, 0);
}
