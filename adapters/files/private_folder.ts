import { tmpdir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { errorMessage, RdsiamError } from "../../core/errors.ts";
import type { PrivateFolder } from "../../core/ports/files.ts";
import { isNamedByProcesses } from "./named_by_processes.ts";
import { replaceFile } from "./replace_file.ts";

const PREFIX = "run-";
const LOCK = ".lock";

/**
 * Makes a folder of mode 0700 for one run, below the runtime folder of the session or the temporary folder. Each run
 * holds a lock in its folder, so that a later one can tell and remove what a killed one left, once nothing uses it that
 * was started with it.
 *
 * @throws {RdsiamError} `failed`, when no such folder can be made, or somebody else's stands in its place
 */
export async function createPrivateFolder(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<PrivateFolder> {
  const parent = await ownRuntimeFolder(environment.XDG_RUNTIME_DIR) ??
    resolve(environment.TMPDIR || tmpdir());
  try {
    const base = await ownFolder(parent);
    // One at a time: a folder whose lock is not yet taken looks like one that was left behind.
    using gate = await openLock(join(base, LOCK));
    await gate.lock(true);
    await removeLeftovers(base);
    const path = await Deno.makeTempDir({ dir: base, prefix: PREFIX });
    return new LockedFolder(path, await holdLock(path));
  } catch (cause) {
    if (cause instanceof RdsiamError) throw cause;
    throw folderError(parent, cause);
  }
}

class LockedFolder implements PrivateFolder {
  constructor(readonly path: string, readonly lock: Deno.FsFile) {}

  isInUse(): Promise<boolean> {
    return isNamedByProcesses(this.path);
  }

  async write(name: string, content: string): Promise<string> {
    const path = join(this.path, name);
    try {
      await replaceFile(path, content);
    } catch (cause) {
      throw folderError(this.path, cause);
    }
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Whatever lives on uses it; a later run removes it then.
    const isLeft = await this.isInUse();
    this.lock.close();
    if (isLeft) return;
    await Deno.remove(this.path, { recursive: true }).catch(() => {});
  }
}

/**
 * The runtime folder of the session, when it is this user's: a container may have none, and after `su` it is somebody
 * else's, who could put links into it.
 */
async function ownRuntimeFolder(
  path: string | undefined,
): Promise<string | undefined> {
  if (path === undefined || !isAbsolute(path)) return undefined;
  const uid = Deno.uid();
  try {
    const info = await Deno.stat(path);
    const isOwn = info.isDirectory && (uid === null || info.uid === uid);
    return isOwn ? path : undefined;
  } catch {
    return undefined;
  }
}

/** The folder of this user that holds those of the runs. Its name is predictable, so it is checked, not trusted. */
async function ownFolder(parent: string): Promise<string> {
  const uid = Deno.uid(); // null on Windows, whose temporary folder is the user's own
  const path = join(parent, uid === null ? "rdsiam" : `rdsiam-${uid}`);
  try {
    await Deno.mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
  const info = await Deno.lstat(path);
  const isOwn = info.isDirectory &&
    (uid === null || info.uid === uid && ((info.mode ?? 0) & 0o077) === 0);
  if (!isOwn) {
    throw new RdsiamError(
      "failed",
      `Folder "${path}" cannot be used: it must be a folder of yours with mode 0700`,
      { hint: `Remove it, or set TMPDIR to a folder of your own` },
    );
  }
  return path;
}

async function openLock(path: string): Promise<Deno.FsFile> {
  return await Deno.open(path, { create: true, write: true, mode: 0o600 });
}

async function holdLock(folder: string): Promise<Deno.FsFile> {
  const lock = await openLock(join(folder, LOCK));
  await lock.lock(true);
  return lock;
}

async function removeLeftovers(base: string): Promise<void> {
  for await (const { name } of Deno.readDir(base)) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(base, name);
    try {
      using lock = await openLock(join(folder, LOCK));
      if (await lock.tryLock(true) && !await isNamedByProcesses(folder)) {
        await Deno.remove(folder, { recursive: true });
      }
    } catch {
      // Another's business: what cannot be removed now is tried again by the next run.
    }
  }
}

function folderError(path: string, cause: unknown): RdsiamError {
  const why = errorMessage(cause);
  return new RdsiamError(
    "failed",
    `A private file cannot be written below "${path}": ${why}`,
    {
      hint: "Free some space, or set TMPDIR to a folder that can be written to",
      cause,
    },
  );
}
