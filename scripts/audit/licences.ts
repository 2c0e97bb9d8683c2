import { PERMISSIVE } from "../bundle/licences.ts";

/** A package of npm, as its `package.json` says. */
export interface InstalledPackage {
  /** Name and version: `commander@15.1.0`. */
  id: string;
  /** An SPDX expression; `undefined` where none is given. */
  licence: string | undefined;
}

/** What the licences of packages come to. */
export interface LicenceReport {
  /** How many packages each licence has, the most frequent first. */
  counts: readonly (readonly [licence: string, count: number])[];
  /** Those whose licence is none of the permissive ones. */
  doubtful: readonly InstalledPackage[];
}

/** Counts licences, and finds what somebody has to look at. */
export function reviewLicences(
  packages: readonly InstalledPackage[],
): LicenceReport {
  const counts = new Map<string, number>();
  for (const { licence = "none" } of packages) {
    counts.set(licence, (counts.get(licence) ?? 0) + 1);
  }
  return {
    counts: [...counts].sort(([a, many], [b, more]) =>
      more - many || (a < b ? -1 : 1)
    ),
    doubtful: packages.filter(({ licence }) => !isPermissive(licence ?? "")),
  };
}

/** Whether an SPDX expression leaves a choice that is permissive throughout. */
export function isPermissive(expression: string): boolean {
  return expression.replaceAll(/[()]/g, "").split(/ OR /i).some((choice) =>
    choice.split(/ AND /i).every((name) => PERMISSIVE.includes(name.trim()))
  );
}

/** The packages that a `deno.lock` names, each once: `@peculiar/x509@2.2.0`. */
export function lockedPackages(lock: string): string[] {
  const { npm = {} } = JSON.parse(lock) as { npm?: Record<string, unknown> };
  // What follows an underscore are the peers that it was resolved with.
  return [...new Set(Object.keys(npm).map((id) => id.replace(/_.*$/, "")))];
}

/** The licence that a `package.json` gives, in any of the ways that npm has known. */
export function licenceOf(manifest: string): string | undefined {
  const { license, licenses } = JSON.parse(manifest);
  const given = license ?? licenses?.[0];
  const name = typeof given === "object" ? given?.type : given;
  return typeof name === "string" ? name : undefined;
}
