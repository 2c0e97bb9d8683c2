import {
  PatternIndex,
  patternKey,
  patternOf,
} from "../../core/passfile/pattern.ts";
import type { PassfileText } from "./text.ts";
import type { EntryLine, PassfileStyle } from "./entry_lines.ts";

/** Where the lines of a passfile go. Positions are those of the text's parts. */
export interface Places {
  /** The line that comes in the place of a managed one. */
  replacing: ReadonlyMap<number, EntryLine>;
  /** The lines that come above a line which would be read in their place. */
  above: ReadonlyMap<number, readonly EntryLine[]>;
  /** The lines that come at the end. */
  last: readonly EntryLine[];
  /** The targets that a managed line goes on serving as it is. */
  kept: ReadonlyMap<number, readonly string[]>;
  /** The targets whose lines were put above a line, by its position. */
  shadowed: ReadonlyMap<number, ReadonlySet<string>>;
  /** Whether there is a line that was not in the text before. */
  isNew: boolean;
}

/** What a text has for the entry lines before they are placed. */
interface Survey {
  /** Where a line's last self is. */
  slots: ReadonlyMap<EntryLine, number>;
  /** Where lines of a target are that nobody wants any more. */
  free: ReadonlyMap<string, number[]>;
  kept: Places["kept"];
  /** Every line that stays. */
  staying: PatternIndex;
}

/**
 * Finds a place for every line: that of its last self, else one that a line of the same target leaves, else the end;
 * but always above the first line that would be read in its place.
 *
 * @param entryLines the lines by their {@linkcode patternKey}; their names are completed by those of targets that are not
 * renewed and share the line
 * @param renewed the targets that `entryLines` speaks for: no other line serves them any more
 */
export function placeLines(
  text: PassfileText,
  entryLines: ReadonlyMap<string, EntryLine>,
  renewed: ReadonlySet<string>,
  style: PassfileStyle,
): Places {
  const { slots, free, kept, staying } = survey(
    text,
    entryLines,
    renewed,
    style,
  );
  const replacing = new Map<number, EntryLine>();
  const above = new Map<number, EntryLine[]>();
  const shadowed = new Map<number, Set<string>>();
  const last: EntryLine[] = [];
  for (const line of entryLines.values()) {
    const position = slots.get(line) ?? free.get(line.names[0] ?? "")?.shift();
    const shadow = staying.first(line.pattern);
    if (shadow !== undefined && shadow < (position ?? text.parts.length)) {
      append(above, startOfComments(text, shadow), line);
      const names = shadowed.get(shadow) ?? new Set();
      shadowed.set(shadow, names);
      for (const name of line.names) names.add(name);
    } else if (position !== undefined) {
      replacing.set(position, line);
    } else {
      last.push(line);
    }
  }
  const isNew = slots.size < entryLines.size;
  return { replacing, above, last, kept, shadowed, isNew };
}

function survey(
  { parts }: PassfileText,
  entryLines: ReadonlyMap<string, EntryLine>,
  renewed: ReadonlySet<string>,
  { dialect, database }: PassfileStyle,
): Survey {
  const slots = new Map<EntryLine, number>();
  const free = new Map<string, number[]>();
  const kept = new Map<number, string[]>();
  const staying = new PatternIndex({ oneDatabase: database === "own" });
  for (const [position, part] of parts.entries()) {
    const read = dialect.read(part.content);
    const pattern = read && patternOf(read);
    if (part.kind === "managed") {
      const line = pattern && entryLines.get(patternKey(pattern));
      const others = part.names.filter((name) => !renewed.has(name));
      if (line !== undefined && !slots.has(line)) {
        line.names.push(...others);
        slots.set(line, position);
        continue;
      }
      if (others.length === 0) {
        append(free, part.names[0] ?? "", position);
        continue;
      }
      kept.set(position, others);
    }
    if (pattern !== undefined) staying.add(pattern, position);
  }
  return { slots, free, kept, staying };
}

function append<Key, Value>(
  lists: Map<Key, Value[]>,
  key: Key,
  value: Value,
): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** The first of the comments that stand right above a line, which speak of it. */
function startOfComments({ parts }: PassfileText, position: number): number {
  let start = position;
  for (; start > 0; start--) {
    const before = parts[start - 1];
    if (before?.kind !== "foreign" || !before.content.startsWith("#")) break;
  }
  return start;
}
