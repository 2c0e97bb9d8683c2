import type {
  ManagedEntry,
  PureWriter,
  Rendered,
  WriterEntry,
  WriterOption,
} from "../../core/writer/writer.ts";
import type { PassfileDialect } from "../../core/passfile/line.ts";
import { readWriterOptions } from "../contract/writer_options.ts";
import {
  engineNotice,
  malformedLines,
  malformedNotice,
  shadowNotice,
} from "./doubts.ts";
import { placeLines, type Places } from "./place.ts";
import {
  joinPassfile,
  type ManagedLine,
  parsePassfile,
  type PassfileText,
} from "./text.ts";
import {
  type EntryLine,
  entryLines,
  type PassfileStyle,
} from "./entry_lines.ts";

/**
 * What the writers of passfiles have in common. The option `database` says whether a line is for `any` database on its
 * server (the default) or for the target's `own`.
 *
 * @throws {RangeError} when an option is not known or its value is wrong
 */
export function passfileWriter(
  dialect: PassfileDialect,
  options: Readonly<Record<string, WriterOption>> | undefined,
): Required<Pick<PureWriter, "render" | "remove" | "list">> {
  const { database } = readWriterOptions(options, { database: ["any", "own"] });
  return {
    render: (entries, oldText) =>
      renderPassfile(entries, oldText, { dialect, database }),
    remove: (names, oldText) => removeFromPassfile(names, oldText, dialect),
    list: listPassfile,
  };
}

/**
 * Puts the entries into the text of a passfile: each line in the place of its last self, new ones at the end, or above
 * the first line that would be read in their place. Lines of other targets stay. Entries of other engines than
 * PostgreSQL are left out, with a notice.
 *
 * @throws {UnreadableText} when the text is not a passfile's
 * @throws {Error} when an entry cannot be written, or none is for PostgreSQL
 */
function renderPassfile(
  entries: readonly WriterEntry[],
  oldText: string,
  style: PassfileStyle,
): Rendered {
  const text = parsePassfile(oldText);
  const malformed = malformedLines(text, style.dialect);
  const served = entries.filter((entry) => entry.engine === "postgres");
  const places = placeLines(
    text,
    entryLines(served, style),
    new Set(entries.map((entry) => entry.name)),
    style,
  );
  const notices = [...places.shadowed].sort(([a], [b]) => a - b)
    .map(([position, names]) =>
      shadowNotice(text.parts[position]?.number ?? 0, [...names])
    );
  if (places.isNew && malformed.length > 0) {
    notices.push(malformedNotice(malformed));
  }
  const others = entries.filter((entry) => entry.engine !== "postgres");
  const leftOut = others.map(({ name }) => name);
  if (leftOut.length > 0) {
    const notice = engineNotice(leftOut);
    if (served.length === 0) throw new Error(notice);
    notices.push(notice);
  }
  const newText = joinPassfile(arrange(text, places));
  return { newText, notices, ...(leftOut.length > 0 && { leftOut }) };
}

/** The text with every line in its place. */
function arrange(text: PassfileText, places: Places): PassfileText {
  const parts: (PassfileText["parts"][number])[] = [];
  for (const [position, part] of text.parts.entries()) {
    parts.push(...(places.above.get(position) ?? []).map(managed));
    const line = places.replacing.get(position);
    const names = places.kept.get(position);
    if (part.kind === "foreign") parts.push(part);
    else if (line !== undefined) {
      parts.push({ ...managed(line), end: part.end });
    } else if (names !== undefined) parts.push({ ...part, names });
  }
  parts.push(...places.last.map(managed));
  return { ...text, parts };
}

function managed({ content, names, expiresAt }: EntryLine): ManagedLine {
  return { kind: "managed", number: 0, names, expiresAt, content, end: "" };
}

/**
 * Takes the lines of these targets out of the text of a passfile, or without names all that are managed. A line that
 * serves another target as well stays for that one.
 *
 * @throws {UnreadableText} when the text is not a passfile's
 */
function removeFromPassfile(
  names: readonly string[] | undefined,
  oldText: string,
  dialect: PassfileDialect,
): Rendered {
  const text = parsePassfile(oldText);
  malformedLines(text, dialect);
  const removed = new Set(names);
  const parts = text.parts.flatMap((part) => {
    if (part.kind === "foreign") return part;
    const kept = part.names.filter((name) =>
      names !== undefined && !removed.has(name)
    );
    return kept.length > 0 ? { ...part, names: kept } : [];
  });
  return { newText: joinPassfile({ ...text, parts }) };
}

/** The targets that the text of a passfile holds lines for, each once, with the earliest expiry of their lines. */
function listPassfile(text: string): readonly ManagedEntry[] {
  const entries = new Map<string, ManagedEntry>();
  for (const part of parsePassfile(text).parts) {
    if (part.kind === "foreign") continue;
    const { expiresAt } = part;
    for (const name of part.names) {
      const known = entries.get(name)?.expiresAt;
      if (!entries.has(name) || (expiresAt ?? Infinity) < (known ?? Infinity)) {
        entries.set(name, { name, expiresAt });
      }
    }
  }
  return [...entries.values()];
}
