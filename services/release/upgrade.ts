import { compareVersions } from "compare-versions";
import { RdsiamError } from "../../core/errors.ts";
import type { Downloads } from "../../core/release/downloads.ts";
import type { ProgramFile } from "../../core/release/program_file.ts";
import {
  assetUrl,
  CHECKSUMS_NAME,
  releaseTag,
  type ReleaseTarget,
  REPOSITORY_URL,
} from "../../core/release/release.ts";
import {
  findArchive,
  type ListedArchive,
} from "../../core/release/checksums.ts";
import { unpackProgram } from "../../core/release/unpack.ts";

/** Larger than any list of checksums. */
const CHECKSUMS_LIMIT = 1024 * 1024;
/** Larger than any archive. */
const ARCHIVE_LIMIT = 512 * 1024 * 1024;

/** Where releases lie, and for what machine one is wanted. */
export interface ReleasePlace {
  downloads: Downloads;
  /** `https://github.com/rdsiam/rdsiam/releases`, or a mirror of it that is laid out alike. */
  releasesUrl: string;
  target: ReleaseTarget;
}

/** A release, seen from the version that is installed. */
export interface FoundRelease {
  archive: ListedArchive;
  change: "newer" | "same" | "older";
}

/**
 * Looks up a release.
 *
 * @param installed the version that runs now
 * @param version the one that is wanted; by default the latest
 * @throws {RdsiamError} `failed`, when it cannot be had or has nothing for this machine
 */
export async function findRelease(
  { downloads, releasesUrl, target }: ReleasePlace,
  installed: string,
  version?: string,
): Promise<FoundRelease> {
  const url = version === undefined
    ? `${releasesUrl}/latest/download/${CHECKSUMS_NAME}`
    : assetUrl(version, CHECKSUMS_NAME, `${releasesUrl}/download`);
  const bytes = await downloads.get(url, CHECKSUMS_LIMIT);
  const archive = findArchive(new TextDecoder().decode(bytes), target);
  if (
    archive === undefined ||
    version !== undefined && archive.version !== version
  ) {
    throw new RdsiamError(
      "failed",
      `${
        version === undefined
          ? "The latest release"
          : `Release ${releaseTag(version)}`
      } has no binary for ${target.triple}`,
      { hint: `See ${REPOSITORY_URL}/releases` },
    );
  }
  const order = compareVersions(archive.version, installed);
  const change = order > 0 ? "newer" : order < 0 ? "older" : "same";
  return { archive, change };
}

/**
 * Downloads an archive, checks it and puts its program in this one's place. Until it is there, and runs, the old one
 * stands.
 *
 * @throws {RdsiamError} `failed`, with what stood in the way
 */
export async function installRelease(
  { downloads, releasesUrl, target }: ReleasePlace,
  { version, name, sha256 }: ListedArchive,
  file: ProgramFile,
): Promise<void> {
  const url = assetUrl(version, name, `${releasesUrl}/download`);
  const bytes = await downloads.get(url, ARCHIVE_LIMIT);
  if (await sha256Of(bytes) !== sha256) {
    throw damaged(`its SHA-256 is not the one in ${CHECKSUMS_NAME}`);
  }
  let program;
  try {
    program = unpackProgram(bytes, target);
  } catch (cause) {
    throw damaged("it cannot be unpacked", cause);
  }
  if (program === undefined) throw damaged("it does not hold the program");
  await file.replace(program, version);
}

async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(digest).toHex();
}

function damaged(why: string, cause?: unknown): RdsiamError {
  return new RdsiamError("failed", `The download is damaged: ${why}`, {
    hint:
      `Try again; if it stays so, tell ${REPOSITORY_URL}/issues. The old program stands`,
    cause,
  });
}
