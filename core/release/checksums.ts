import { archiveName, type ReleaseTarget } from "./release.ts";

/** An archive that a release has. */
export interface ListedArchive {
  version: string;
  /** Its file name. */
  name: string;
  /** Its SHA-256: 64 hexadecimal digits in lower case. */
  sha256: string;
}

const LINE = /^([0-9a-f]{64}) [ *](.+)$/i;
const NAMES = "[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*";
/** https://semver.org, to the letters that it takes. */
const VERSION = new RegExp(
  `^(?:0|[1-9]\\d*)(?:\\.(?:0|[1-9]\\d*)){2}(?:-${NAMES})?(?:\\+${NAMES})?$`,
);

/** Whether a text is a version as releases have it: `1.2.3`, `2.0.0-rc.1`. */
export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/**
 * Finds the archive for a machine in a release's `SHA256SUMS` (the format of coreutils' `sha256sum`). Which version the
 * release is, the archive's own name says.
 */
export function findArchive(
  checksums: string,
  target: ReleaseTarget,
): ListedArchive | undefined {
  const [before = "", after = ""] = archiveName("\0", target).split("\0");
  for (const line of checksums.split(/\r?\n/)) {
    const [, sha256 = "", name = ""] = LINE.exec(line) ?? [];
    if (!name.startsWith(before) || !name.endsWith(after)) continue;
    const version = name.slice(before.length, -after.length);
    if (isVersion(version)) {
      return { version, name, sha256: sha256.toLowerCase() };
    }
  }
  return undefined;
}
