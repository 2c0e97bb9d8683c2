import { tmpdir } from "node:os";
import { join } from "node:path";
import { RdsiamError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports/clock.ts";

const PATIENCE_MS = 30_000;
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 25;

/** A lock on a folder, held until it is disposed of or its process ends. */
export interface FolderLock extends Disposable {
  /** Has the system write the folder's entries to disk, where it can be told to. */
  sync(): Promise<void>;
}

/**
 * Waits until no other rdsiam changes files in a folder. The lock is on the folder itself (`flock`), so that nothing
 * is left lying about; on Windows, where a folder cannot be locked, it is on one file for all in the user's temporary
 * folder.
 *
 * @throws {RdsiamError} `failed`, when that takes more than 30 seconds
 * @throws {Error} when the folder cannot be opened
 */
export async function lockFolder(
  folder: string,
  clock: Clock,
): Promise<FolderLock> {
  const isWindows = Deno.build.os === "windows";
  const file = await Deno.open(
    isWindows ? join(tmpdir(), "rdsiam.lock") : folder,
    isWindows ? { create: true, write: true } : { read: true },
  );
  try {
    await waitForLock(file, folder, clock);
  } catch (error) {
    file.close();
    throw error;
  }
  return {
    async sync() {
      if (isWindows) return;
      await file.sync().catch(() => {}); // Some network file systems have none for folders.
    },
    [Symbol.dispose]() {
      // Closing alone does not let go while a program that is being started beside this one still holds a copy.
      file.unlockSync();
      file.close();
    },
  };
}

/** Asks again and again: a blocking lock could be neither timed nor given up. */
async function waitForLock(
  file: Deno.FsFile,
  folder: string,
  clock: Clock,
): Promise<void> {
  const deadline = clock.now() + PATIENCE_MS;
  let pause = FIRST_PAUSE_MS;
  while (!await file.tryLock(true)) {
    if (clock.now() >= deadline) {
      throw new RdsiamError(
        "failed",
        `Folder "${folder}" cannot be locked: another program has held its lock for ${
          PATIENCE_MS / 1000
        } seconds`,
        {
          hint:
            "Wait for the other rdsiam or end it, and run this again; on Linux, lslocks shows it",
        },
      );
    }
    await clock.sleep(pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}
