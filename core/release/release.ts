/**
 * What a release is called and where it lies: agreed on by the build, the installers and `rdsiam upgrade`.
 *
 * Beside the archives of a release lies `SHA256SUMS`, in the format of `sha256sum`: 64 hexadecimal digits, two spaces,
 * the name of a file. An archive holds, at its root, the program, `LICENSE`, `THIRD_PARTY_LICENSES` and `README.md`; then
 * the completion scripts in `completions` and the man pages in `man`.
 *
 * @module
 */

/** The repository that releases are published in. */
export const REPOSITORY_URL = "https://github.com/rdsiam/rdsiam";

/** Where a release's files lie, in folders named after its tag. A mirror has the same folders and names. */
export const DOWNLOAD_URL = `${REPOSITORY_URL}/releases/download`;

/** The file with the SHA-256 of every other file of a release. */
export const CHECKSUMS_NAME = "SHA256SUMS";

/** The scripts that install a release; they lie beside its archives. */
export const INSTALLERS: readonly string[] = ["install.sh", "install.ps1"];

/** The npm package with the program: `npx rdsiam`. */
export const NPM_PACKAGE = "rdsiam";

/** A machine that a binary is made for. */
export interface ReleaseTarget {
  /** Deno's name: `deno compile --target`, `Deno.build.target`. */
  readonly triple: string;
  /** As `Deno.build.os`. */
  readonly os: "linux" | "darwin" | "windows";
  /** As `Deno.build.arch`. */
  readonly arch: "x86_64" | "aarch64";
}

/** Every machine that a binary is made for. Linux is the one with glibc. */
export const RELEASE_TARGETS: readonly ReleaseTarget[] = [
  { triple: "x86_64-unknown-linux-gnu", os: "linux", arch: "x86_64" },
  { triple: "aarch64-unknown-linux-gnu", os: "linux", arch: "aarch64" },
  { triple: "x86_64-apple-darwin", os: "darwin", arch: "x86_64" },
  { triple: "aarch64-apple-darwin", os: "darwin", arch: "aarch64" },
  { triple: "x86_64-pc-windows-msvc", os: "windows", arch: "x86_64" },
];

/** The target of a machine by `Deno.build`'s names; `undefined` where no binary is made for it. */
export function releaseTarget(
  os: string,
  arch: string,
): ReleaseTarget | undefined {
  return RELEASE_TARGETS.find((target) =>
    target.os === os && target.arch === arch
  );
}

/** The program's file name within an archive. */
export function programName({ os }: ReleaseTarget): string {
  return os === "windows" ? "rdsiam.exe" : "rdsiam";
}

/** The archive's name: `rdsiam-1.2.3-x86_64-unknown-linux-gnu.tar.gz`, `.zip` for Windows. */
export function archiveName(version: string, target: ReleaseTarget): string {
  const extension = target.os === "windows" ? "zip" : "tar.gz";
  return `rdsiam-${version}-${target.triple}.${extension}`;
}

/** The tag of a version: `v1.2.3`. */
export function releaseTag(version: string): string {
  return `v${version}`;
}

/** Where a file of a release lies, at GitHub or below a mirror's address. */
export function assetUrl(
  version: string,
  name: string,
  downloads: string = DOWNLOAD_URL,
): string {
  return `${downloads.replace(/\/+$/, "")}/${releaseTag(version)}/${name}`;
}
