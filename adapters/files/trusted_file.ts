import { dirname } from "node:path";
import { RdsiamError } from "../../core/errors.ts";

const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/**
 * Checks that nobody but this user and root can change a file that is about to be run as code: neither it nor a folder
 * above it, nor a link that leads to it. Windows is left out: its user folders are the user's own.
 *
 * @returns the file's own path, links resolved
 * @throws {RdsiamError} `usage`, when it is not there, no plain file, or others can change it
 */
export async function requireTrustedFile(path: string): Promise<string> {
  const real = await resolveFile(path);
  if (Deno.build.os === "windows") return real;
  const link = await Deno.lstat(path);
  if (link.isSymlink) requireOwner(path, path, link);
  const file = await Deno.stat(real);
  requireOwner(path, real, file);
  requireUnwritable(path, real, file);
  const folders = new Set([
    ...foldersAbove(real),
    ...foldersAbove(`${await Deno.realPath(dirname(path))}/link`),
  ]);
  for (const folder of folders) {
    const info = await Deno.stat(folder);
    requireOwner(path, folder, info);
    // In a sticky folder nobody can put another file in the place of ours.
    if (((info.mode ?? 0) & STICKY) === 0) {
      requireUnwritable(path, folder, info);
    }
  }
  return real;
}

async function resolveFile(path: string): Promise<string> {
  try {
    const real = await Deno.realPath(path);
    if ((await Deno.stat(real)).isFile) return real;
  } catch (cause) {
    const why = cause instanceof Deno.errors.NotFound
      ? "it is not found"
      : "it cannot be read";
    throw new RdsiamError("usage", `Plugin "${path}" cannot be used: ${why}`, {
      hint: "Check its path",
      cause,
    });
  }
  throw new RdsiamError(
    "usage",
    `Plugin "${path}" cannot be used: it is not a file`,
    { hint: "Name a module or a program" },
  );
}

function foldersAbove(path: string): string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...foldersAbove(folder)];
}

function requireOwner(plugin: string, path: string, { uid }: Deno.FileInfo) {
  if (uid === 0 || uid === Deno.uid()) return;
  throw new RdsiamError(
    "usage",
    `Plugin "${plugin}" is refused: "${path}" belongs to another user, number ${uid}`,
    { hint: "Put a copy of your own into a folder of your own" },
  );
}

function requireUnwritable(
  plugin: string,
  path: string,
  { mode }: Deno.FileInfo,
) {
  if (((mode ?? 0) & WRITABLE_BY_OTHERS) === 0) return;
  const octal = ((mode ?? 0) & 0o7777).toString(8).padStart(4, "0");
  throw new RdsiamError(
    "usage",
    `Plugin "${plugin}" is refused: others can write to "${path}", its mode is ${octal}`,
    { hint: `chmod go-w "${path}"` },
  );
}

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
