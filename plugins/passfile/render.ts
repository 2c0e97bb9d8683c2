import type { Rendered, WriterEntry } from "../../core/writer/writer.ts";
import { malformedLines } from "./doubts.ts";
import { engineNotice, malformedNotice, shadowNotice } from "./notices.ts";
import { placeLines, type Places } from "./place.ts";
import {
  joinPassfile,
  type ManagedLine,
  parsePassfile,
  type PassfileText,
} from "./text.ts";
import { type PassfileStyle, type WantedLine, wantedLines } from "./wanted.ts";

/**
 * Puts the entries into the text of a passfile: each line in the place of its last self, new ones at the end, or above
 * the first line that would be read in their place. Lines of other targets stay. Entries of other engines than
 * PostgreSQL are left out, with a notice.
 *
 * @throws {UnreadableText} when the text is not a passfile's
 * @throws {Error} when an entry cannot be written, or none is for PostgreSQL
 */
export function renderPassfile(
  entries: readonly WriterEntry[],
  oldText: string,
  style: PassfileStyle,
): Rendered {
  const text = parsePassfile(oldText);
  const malformed = malformedLines(text, style.dialect);
  const served = entries.filter((entry) => entry.engine === "postgres");
  const places = placeLines(
    text,
    wantedLines(served, style),
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

function managed({ content, names, expiresAt }: WantedLine): ManagedLine {
  return { kind: "managed", number: 0, names, expiresAt, content, end: "" };
}
