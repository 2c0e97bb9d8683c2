import { RdsiamError } from "../../core/errors.ts";

const OTHERS = 0o077;

/**
 * The mode that a file gets: the one it has, without the access of others where it is secret.
 *
 * @param info the file as it is; `undefined` for one that is not there, which others are never let into
 */
export function wantedMode(
  info: Deno.FileInfo | undefined,
  isSecret: boolean,
): number {
  if (info === undefined || info.mode === null) return 0o600;
  return info.mode & (isSecret ? 0o777 & ~OTHERS : 0o777);
}

/** Whether others have access to a file that should be this user's alone. */
export function isTooOpen(
  info: Deno.FileInfo | undefined,
  isSecret: boolean,
): boolean {
  const mode = info?.mode ?? null;
  return isSecret && mode !== null && Deno.build.os !== "windows" &&
    (mode & OTHERS) !== 0;
}

/** What the user should know of a file's change beside its content. */
export function accessNotices(
  info: Deno.FileInfo | undefined,
  { name, isSecret, isReplaced }: {
    name: string;
    isSecret: boolean;
    isReplaced: boolean;
  },
): string[] {
  const notices: string[] = [];
  if (isTooOpen(info, isSecret)) {
    const [from, to] = [info?.mode ?? 0, wantedMode(info, isSecret)];
    notices.push(
      `Mode of "${name}" tightened from ${formatMode(from)} to ${
        formatMode(to)
      }`,
    );
  }
  if (isReplaced && (info?.nlink ?? 1) > 1) {
    notices.push(
      `"${name}" had another name, a hard link, which keeps the old content`,
    );
  }
  return notices;
}

/**
 * Gives a new file the owner and mode of the one whose place it takes.
 *
 * @param info the file as it was; `undefined` where there was none
 * @throws {RdsiamError} `failed`, when only root could
 */
export async function takeAccessOf(
  info: Deno.FileInfo | undefined,
  { path, isSecret, name }: { path: string; isSecret: boolean; name: string },
): Promise<void> {
  if (info === undefined || Deno.build.os === "windows") return;
  const mode = wantedMode(info, isSecret);
  const { uid, gid } = info;
  const made = await Deno.lstat(path);
  await Deno.chmod(path, mode); // Afterwards it may be another's.
  if (made.uid !== uid || made.gid !== gid) {
    try {
      await Deno.chown(path, uid, gid);
    } catch (cause) {
      // A group that has no access makes no difference.
      if (made.uid !== uid || (mode & 0o070) !== 0) {
        throw new RdsiamError(
          "failed",
          `File "${name}" cannot be changed: it would lose its owner ${uid} or group ${gid}`,
          { hint: "Run this as the file's owner", cause },
        );
      }
    }
  }
}

/** A mode as people write it: `0600`. */
function formatMode(mode: number): string {
  return `0${(mode & 0o777).toString(8).padStart(3, "0")}`;
}
