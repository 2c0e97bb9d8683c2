/** What somebody made of a file's old content after it had been read, and so without its new content. */
export interface LateEdit {
  /** The old content, as it was read; `undefined` where nobody knows any more. */
  seen: string | undefined;
  /** What it has become since. */
  late: string;
  /** Whether the file may hold this edit already, as after a run that was killed. */
  isDoubtful?: boolean;
}

/** The last replacement of a file. */
export interface Replacement {
  /** The content that the new one was made of. */
  base: string;
  /** The new content. */
  written: string;
}

/** What {@linkcode mergeEdits} gives. */
export interface MergedEdits {
  /** The content that holds the edits too. */
  text: string;
  /** The edits that it could not take in. */
  conflicts: readonly LateEdit[];
}

/**
 * Brings what was written to a file's old content into its current one. An edit of the very content that the current
 * one was made of is taken as a whole, since the current one can be made again; of any other edit what it appended is
 * appended.
 *
 * @param current the file's content now
 * @param replacement what made it so; without it, nobody knows
 */
export function mergeEdits(
  current: string,
  replacement: Replacement | undefined,
  edits: readonly LateEdit[],
): MergedEdits {
  const whole = current === replacement?.written
    ? edits.find(({ seen }) => seen === replacement?.base)
    : undefined;
  let text = whole?.late ?? current;
  const conflicts: LateEdit[] = [];
  for (const edit of edits) {
    if (edit === whole) continue;
    const { seen, late, isDoubtful } = edit;
    if (seen === undefined || !late.startsWith(seen)) {
      conflicts.push(edit);
      continue;
    }
    const added = late.slice(seen.length);
    text = appendText(text, isDoubtful ? missingLines(added, text) : added);
  }
  return { text, conflicts };
}

/** Appends text as lines of its own. */
function appendText(text: string, added: string): string {
  const isOpen = text !== "" && !text.endsWith("\n");
  return isOpen && added !== "" ? `${text}\n${added}` : text + added;
}

/** The lines of a text that another one lacks. */
function missingLines(text: string, other: string): string {
  const present = new Set(linesOf(other));
  return linesOf(text).filter((line) => !present.has(line)).join("");
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
