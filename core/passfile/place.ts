import { PatternIndex, patternKey, patternOf } from "./pattern.ts";
import type { PassfileText } from "./text.ts";
import type { PassfileStyle, WantedLine } from "./wanted.ts";

/** Where the lines of a passfile go. Positions are those of the text's parts. */
export interface Places {
  /** The line that comes in the place of a managed one. */
  replacing: ReadonlyMap<number, WantedLine>;
  /** The lines that come above a line which would be read in their place. */
  above: ReadonlyMap<number, readonly WantedLine[]>;
  /** The lines that come at the end. */
  last: readonly WantedLine[];
  /** The targets that a managed line goes on serving as it is. */
  kept: ReadonlyMap<number, readonly string[]>;
  /** The targets whose lines were put above a line, by its position. */
  shadowed: ReadonlyMap<number, ReadonlySet<string>>;
  /** Whether there is a line that was not in the text before. */
  isNew: boolean;
}

/**
 * Finds a place for every line: that of its last self, else one that a line of the same target leaves, else the end;
 * but always above the first line that would be read in its place.
 *
 * @param wanted the lines by their {@linkcode patternKey}
 * @param renewed the targets that `wanted` speaks for: no other line serves them any more
 */
export function placeLines(
  { parts }: PassfileText,
  wanted: ReadonlyMap<string, WantedLine>,
  renewed: ReadonlySet<string>,
  { dialect, database }: PassfileStyle,
): Places {
  const index = new PatternIndex({ oneDatabase: database === "own" });
  const added = new Map(wanted);
  const slots = new Map<WantedLine, number>();
  const free = new Map<string, number[]>();
  const kept = new Map<number, string[]>();
  for (const [position, part] of parts.entries()) {
    const read = dialect.read(part.content);
    const pattern = read && patternOf(read);
    if (part.kind === "managed") {
      const key = pattern && patternKey(pattern);
      const line = key === undefined ? undefined : added.get(key);
      const others = part.names.filter((name) => !renewed.has(name));
      if (key !== undefined && line !== undefined) {
        line.names.push(...others);
        slots.set(line, position);
        added.delete(key);
        continue;
      }
      if (others.length === 0) {
        append(free, part.names[0] ?? "", position);
        continue;
      }
      kept.set(position, others);
    }
    if (pattern !== undefined) index.add(pattern, position);
  }
  const replacing = new Map<number, WantedLine>();
  const above = new Map<number, WantedLine[]>();
  const shadowed = new Map<number, Set<string>>();
  const last: WantedLine[] = [];
  for (const line of wanted.values()) {
    const position = slots.get(line) ?? free.get(line.names[0] ?? "")?.shift();
    const shadow = index.first(line.pattern);
    if (shadow !== undefined && shadow < (position ?? parts.length)) {
      append(above, startOfComments(parts, shadow), line);
      const names = shadowed.get(shadow) ?? new Set();
      shadowed.set(shadow, names);
      for (const name of line.names) names.add(name);
    } else if (position !== undefined) {
      replacing.set(position, line);
    } else {
      last.push(line);
    }
  }
  return { replacing, above, last, kept, shadowed, isNew: added.size > 0 };
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
function startOfComments(
  parts: PassfileText["parts"],
  position: number,
): number {
  let start = position;
  for (; start > 0; start--) {
    const before = parts[start - 1];
    if (before?.kind !== "foreign" || !before.content.startsWith("#")) break;
  }
  return start;
}
