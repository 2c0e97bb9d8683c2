/** What decides whose work a file may be. */
export interface FileOwnership {
  uid: number;
  gid: number;
  mode: number;
}

const GROUP_WRITE = 0o020;
const OTHERS_WRITE = 0o002;

/**
 * Why a file that was found, not named, could be somebody else's work; `undefined` where it is this user's or root's
 * alone.
 *
 * A `[[sync]]` runs commands and modules, and a target says whom a token is sent to: whoever writes the file acts as its
 * reader. A file found upwards may be anybody's, as in `/tmp`. It is refused, as git refuses a repository of another owner
 * and ssh a configuration that others may write to, rather than left out: another target of the same name, the user's own,
 * would be taken silently. A group of the user's own number is no other: with user private groups and umask 002, which
 * Debian and Fedora set up, every file of a checkout is writable by it.
 *
 * @param uid this user, `null` on Windows, whose access lists are not looked into
 */
export function distrust(
  file: FileOwnership,
  uid: number | null = Deno.uid(),
): string | undefined {
  if (uid === null) return undefined;
  if (file.uid !== uid && file.uid !== 0) return "it belongs to another user";
  if (file.mode & OTHERS_WRITE) return "everybody may write to it";
  const isOwnGroup = file.gid === uid && file.uid === uid;
  if (file.mode & GROUP_WRITE && !isOwnGroup && file.gid !== 0) {
    return "its group may write to it";
  }
  return undefined;
}
