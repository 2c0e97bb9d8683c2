import {
  formatMarker,
  isMarker,
  MARKER_START,
  type PassfileMarker,
  readMarker,
} from "./marker.ts";

/** A line that rdsiam leaves as it is. */
export interface ForeignLine {
  kind: "foreign";
  /** Number of the line, from 1. */
  number: number;
  /** The line without its end. */
  content: string;
  /** `\n` or `\r\n`; empty when the text ends without one. */
  end: string;
}

/** A line that rdsiam put there, with the marker above it. */
export interface ManagedLine extends PassfileMarker {
  kind: "managed";
  /** Number of the line below the marker, from 1; 0 when it is not in the text yet. */
  number: number;
  /** The line without its end. */
  content: string;
  /** The end of both lines; empty for the text's own. */
  end: string;
}

/** The text of a passfile in parts. */
export interface PassfileText {
  parts: readonly (ForeignLine | ManagedLine)[];
  /** What ends the lines of this text: `\n` or `\r\n`. */
  newline: string;
  /** Whether the last line has an end. */
  isEnded: boolean;
}

/** What editors on Windows put before the first line. Readers take it for a part of that line. */
const BYTE_ORDER_MARK = "\uFEFF";

/**
 * Cuts the text of a passfile into what rdsiam manages and what it does not. A marker whose line has been changed or
 * taken away is left out: it marks nothing any more.
 */
export function parsePassfile(text: string): PassfileText {
  const newline = /\r?\n/.exec(text)?.[0] ?? "\n";
  const lines = splitLines(text, newline);
  const parts: (ForeignLine | ManagedLine)[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index];
    if (line === undefined) break;
    const below = lines[index + 1];
    const marker = line.content.startsWith(MARKER_START)
      ? readMarker(line.content, below?.content ?? "")
      : undefined;
    if (marker !== undefined && below !== undefined) {
      const { number, content } = below;
      parts.push({
        kind: "managed",
        ...marker,
        number,
        content,
        end: line.end,
      });
      index++;
    } else if (!isMarker(line.content)) {
      parts.push(line);
    }
  }
  const isEnded = text === "" || text.endsWith("\n") || text.endsWith("\r");
  return { parts, newline, isEnded };
}

/** Puts the parts together; whether the last line has an end stays as it was. */
export function joinPassfile(
  { parts, newline, isEnded }: PassfileText,
): string {
  const pieces: string[] = [];
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const between = part.end || newline;
    if (part.kind === "managed") {
      pieces.push(formatMarker(part, part.content), between);
    }
    pieces.push(part.content);
    if (!isLast) pieces.push(between);
    else if (isEnded) pieces.push(part.kind === "foreign" ? part.end : between);
  }
  return pieces.join("");
}

function splitLines(text: string, newline: string): ForeignLine[] {
  const lines: ForeignLine[] = [];
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf("\n", start);
    const next = feed < 0 ? text.length : feed + 1;
    const end = feed < 0
      ? ""
      : text[feed - 1] === "\r" && feed > start
      ? "\r\n"
      : "\n";
    lines.push({
      kind: "foreign",
      number: lines.length + 1,
      content: text.slice(start, next - end.length),
      end,
    });
    start = next;
  }
  const first = lines[0];
  if (first?.content.startsWith(BYTE_ORDER_MARK + MARKER_START)) {
    // An editor has put it there. Alone in its line it hides nothing.
    lines.splice(
      0,
      1,
      { ...first, content: BYTE_ORDER_MARK, end: first.end || newline },
      { ...first, content: first.content.slice(1) },
    );
  }
  return lines;
}
