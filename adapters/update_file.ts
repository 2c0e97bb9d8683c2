import { RdsiamError } from "../core/errors.ts";
import {
  type LateEdit,
  mergeEdits,
  type Replacement,
} from "../core/merge_edits.ts";
import type { Clock, Files, FileUpdate } from "../core/ports.ts";
import { bytesOf, textOf } from "../core/text_bytes.ts";
import {
  accessNotices,
  isTooOpen,
  takeAccessOf,
  wantedMode,
} from "./file_access.ts";
import {
  type OpenFile,
  openPlainFile,
  refuseTooLarge,
} from "./file_content.ts";
import { OldFile, takeLateEdits } from "./old_file.ts";
import { writeNewFile } from "./replace_file.ts";
import {
  create,
  hasChanged,
  replaceKeeping,
  type Swapped,
} from "./swap_file.ts";
import { WorkFolder } from "./work_folder.ts";

/** Makes the new content of a file of its old one. */
export type Change = Parameters<Files["update"]>[1];

/** How a file is updated. */
export interface UpdateOptions {
  /** The name that its user knows it by. */
  name: string;
  isSecret: boolean;
  clock: Clock;
}

/** After so many changes by others meanwhile, a change is written all the same, and theirs are merged afterwards. */
const MOST_RESTARTS = 5;
const MOST_ROUNDS = 100;
const PARSE_PAUSE_MS = 10;

/**
 * Changes a file whose links are resolved and whose folder is locked.
 *
 * The new content is made in a folder beside the file and renamed over it: whoever reads, reads one or the other. The
 * old content is kept under another name and watched for a moment, so that a line which somebody was just appending
 * ends up in the new one. What somebody writes to it later than that is lost, and so is a file that somebody renames
 * to the same place between the two system calls of the replacement, some microseconds.
 *
 * @throws {RdsiamError} `failed`, when other programs give it no rest
 * @throws {Error} when the system does not let it
 */
export async function updateLocked(
  file: string,
  change: Change,
  options: UpdateOptions,
): Promise<FileUpdate> {
  const { name, isSecret, clock } = options;
  await using work = await WorkFolder.beside(file);
  const notices: string[] = [];
  let edits = await takeLateEdits(work.olds, clock);
  let last: Replacement | undefined;
  let changed = false;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    using opened = await openPlainFile(file, name);
    const current = opened === undefined ? "" : textOf(opened.bytes);
    const { text: base, conflicts } = mergeEdits(current, last, edits);
    const mayRestart = round < MOST_RESTARTS;
    let newText: string;
    try {
      newText = await change(base);
    } catch (error) {
      // It may have been read while somebody was writing it.
      await clock.sleep(PARSE_PAUSE_MS);
      if (mayRestart && hasChanged(file, opened?.info)) continue;
      throw error;
    }
    if (newText !== current) {
      const swapped = await swap(
        file,
        { work, opened, newText, mayRestart },
        options,
      );
      if (swapped === "changed") continue;
      changed = true;
      last = { base, written: newText };
    } else if (isTooOpen(opened?.info, isSecret)) {
      await Deno.chmod(file, wantedMode(opened?.info, isSecret));
    }
    notices.push(
      ...accessNotices(opened?.info, {
        name,
        isSecret,
        isReplaced: newText !== current,
      }),
      ...await saveConflicts(file, conflicts, name),
    );
    edits = await takeLateEdits(work.olds, clock);
    if (edits.length === 0) {
      work.settle();
      return { changed, notices };
    }
  }
  throw new RdsiamError(
    "failed",
    `File "${name}" cannot be kept right: another program writes to it all the time`,
    { hint: "Stop that program and run this again; nothing is lost" },
  );
}

interface Step {
  work: WorkFolder;
  opened: OpenFile | undefined;
  newText: string;
  mayRestart: boolean;
}

/** Puts the new content into the file's place, or takes the file away when there is none. */
async function swap(
  file: string,
  { work, opened, newText, mayRestart }: Step,
  { name, isSecret }: UpdateOptions,
): Promise<Swapped> {
  let made: string | undefined;
  if (newText !== "") {
    const bytes = bytesOf(newText);
    refuseTooLarge(bytes.length, name);
    made = await work.writeNew(bytes);
    await takeAccessOf(opened?.info, { path: made, isSecret, name });
  }
  if (opened === undefined) {
    return made === undefined ? "changed" : create(file, made);
  }
  const keepAs = await work.pathForOld(opened.bytes);
  if (mayRestart && hasChanged(file, opened.info)) return "changed";
  const swapped = replaceKeeping(file, made, keepAs);
  if (swapped === "changed") return swapped;
  const old = swapped === "kept" ? await Deno.open(keepAs) : opened.release();
  work.watch(new OldFile(old, { name, seen: textOf(opened.bytes) }));
  return swapped;
}

/** Lets nobody be without what could not be merged. */
async function saveConflicts(
  file: string,
  conflicts: readonly LateEdit[],
  name: string,
): Promise<string[]> {
  const notices: string[] = [];
  for (const { late } of conflicts) {
    const suffix = `.conflict-${crypto.randomUUID().slice(0, 8)}`;
    await writeNewFile(file + suffix, bytesOf(late));
    notices.push(
      `Several programs changed "${name}" at once; what one of them made of it is in "${file}${suffix}"`,
    );
  }
  return notices;
}
