import { dirname, resolve } from "node:path";
import type { Clock } from "../../core/ports/clock.ts";
import type { Files, FileUpdate } from "../../core/ports/files.ts";
import { bytesOf, textOf } from "../../core/text/bytes.ts";
import { readPlainFile, refuseTooLarge } from "./content.ts";
import { fileError } from "./errors.ts";
import { lockFolder } from "./folder_lock.ts";
import { resolveLinks } from "./resolve_links.ts";
import { RdsiamError } from "../../core/errors.ts";
import {
  accessNotices,
  isTooOpen,
  takeAccessOf,
  wantedMode,
} from "./access.ts";
import { removeLeftovers, replaceFile } from "./replace_file.ts";

/** The user's files, as the system has them. */
export function createFiles(clock: Clock): Files {
  return {
    async update(path, change, { isSecret }) {
      let failure: { error: unknown } | undefined;
      async function guarded(oldText: string): Promise<string> {
        try {
          return await change(oldText);
        } catch (error) {
          failure = { error };
          throw error;
        }
      }
      try {
        return await update(path, guarded, { isSecret, clock });
      } catch (error) {
        if (failure?.error === error) throw error; // its caller's own
        throw fileError(path, "changed", error);
      }
    },
    async read(path) {
      try {
        const real = await resolveLinks(resolve(path));
        if (real === undefined) return undefined;
        const content = await readPlainFile(real, path);
        return content && textOf(content.bytes);
      } catch (error) {
        throw fileError(path, "read", error);
      }
    },
  };
}

async function update(
  path: string,
  change: Change,
  { isSecret, clock }: { isSecret: boolean; clock: Clock },
): Promise<FileUpdate> {
  const absolute = resolve(path);
  for (;;) {
    const file = await resolveLinks(absolute);
    if (file === undefined) {
      if (await change("") === "") return { changed: false, notices: [] };
      await Deno.mkdir(dirname(absolute), { recursive: true, mode: 0o700 });
      continue;
    }
    using lock = await lockFolder(dirname(file), clock);
    if (await resolveLinks(absolute) !== file) continue; // A link was changed meanwhile.
    const result = await updateLocked(file, change, {
      name: path,
      isSecret,
      clock,
    });
    if (result.changed) await lock.sync();
    return result;
  }
}

/** Makes the new content of a file of its old one. */
export type Change = Parameters<Files["update"]>[1];

/** How a file is updated. */
export interface UpdateOptions {
  /** The name that its user knows it by. */
  name: string;
  isSecret: boolean;
  clock: Clock;
}

/** After so many changes by others meanwhile, it is left to them. */
const MOST_ROUNDS = 50;

/** How long a file that cannot be parsed may be half-written. */
const PARSE_PAUSE_MS = 10;

/** How long a program is given that writes the file just now, and then longer and longer. */
const FIRST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 25;

/**
 * Changes a file whose links are resolved and whose folder is locked.
 *
 * The new content is made beside the file; then the file is looked at again, and renamed over when it is still the one
 * that was read. So what others have written by then is in the new content; what they write in the microseconds
 * between that look and the rename is lost, and so is what goes to the old file by a program that has it open.
 *
 * @throws {RdsiamError} `failed`, when other programs give it no rest
 * @throws {Error} when the system does not let it
 */
export async function updateLocked(
  file: string,
  change: Change,
  { name, isSecret, clock }: UpdateOptions,
): Promise<FileUpdate> {
  await removeLeftovers(file);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    if (round > 0) {
      await clock.sleep(
        Math.min(FIRST_PAUSE_MS * 2 ** (round - 1), LONGEST_PAUSE_MS),
      );
    }
    const old = await readPlainFile(file, name);
    const info = old?.info;
    const oldText = old === undefined ? "" : textOf(old.bytes);
    let newText: string;
    try {
      newText = await change(oldText);
    } catch (error) {
      // It may have been read while somebody was writing it.
      await clock.sleep(PARSE_PAUSE_MS);
      if (hasChanged(file, info)) continue;
      throw error;
    }
    const isReplaced = newText !== oldText;
    if (isReplaced) {
      const isDone = newText === ""
        ? removeUnlessChanged(file, info)
        : await replaceFile(file, checkedBytes(newText, name), async (made) => {
          await takeAccessOf(info, { path: made, isSecret, name });
          return !hasChanged(file, info);
        });
      if (!isDone) continue;
    } else if (isTooOpen(info, isSecret)) {
      await Deno.chmod(file, wantedMode(info, isSecret));
    }
    return {
      changed: isReplaced,
      notices: accessNotices(info, { name, isSecret, isReplaced }),
    };
  }
  throw new RdsiamError(
    "failed",
    `File "${name}" cannot be changed: another program keeps writing to it`,
    { hint: "Stop that program and run this again; nothing is lost" },
  );
}

function checkedBytes(text: string, name: string): Uint8Array {
  const bytes = bytesOf(text);
  refuseTooLarge(bytes.length, name);
  return bytes;
}

function removeUnlessChanged(
  file: string,
  seen: Deno.FileInfo | undefined,
): boolean {
  if (hasChanged(file, seen)) return false;
  Deno.removeSync(file);
  return true;
}

/** Whether a file is not the one any more that was read, as far as the system tells: it counts in milliseconds. */
function hasChanged(file: string, seen: Deno.FileInfo | undefined): boolean {
  const now = statOf(file);
  return now?.dev !== seen?.dev || now?.ino !== seen?.ino ||
    now?.size !== seen?.size ||
    now?.mtime?.getTime() !== seen?.mtime?.getTime();
}

function statOf(file: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
