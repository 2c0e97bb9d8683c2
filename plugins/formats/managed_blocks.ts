import { type ManagedEntry, UnreadableText } from "../../core/writer/writer.ts";

/** Lines that rdsiam keeps in a file of the user's, between two comments. */
export interface ManagedBlock extends ManagedEntry {
  /** The lines between the comments, without line ends. */
  lines: readonly string[];
}

/** A piece of a file: a managed block, or what is the user's. */
type Part =
  | { kind: "foreign"; text: string; line: number }
  | { kind: "block"; text: string; block: ManagedBlock };

/** What a comment starts with in a format. */
export type CommentSign = "#" | ";";

/**
 * The managed blocks of a file, in their order.
 *
 * @throws {UnreadableText} when a marker has no counterpart, a name occurs twice, or there is a NUL byte
 */
export function readBlocks(text: string, sign: CommentSign): ManagedBlock[] {
  return split(text, sign).flatMap((part) =>
    part.kind === "block" ? [part.block] : []
  );
}

/**
 * The lines of a file that are the user's, with their numbers from 1.
 *
 * @throws {UnreadableText} as {@linkcode readBlocks} does
 */
export function readForeignLines(
  text: string,
  sign: CommentSign,
): { line: number; text: string }[] {
  return split(text, sign).flatMap((part) =>
    part.kind === "foreign"
      ? linesOf(part.text).map((line, index) => ({
        line: part.line + index,
        text: bare(line),
      }))
      : []
  );
}

/**
 * Puts blocks into a file, each in the place of its last self, new ones at the end. What is the user's stays byte for
 * byte, a missing line end of the last line included; blocks take the file's line ends.
 *
 * @throws {UnreadableText} as {@linkcode readBlocks} does
 */
export function putBlocks(
  oldText: string,
  blocks: readonly ManagedBlock[],
  sign: CommentSign,
): string {
  const newline = /^[^\n]*\r\n/.test(oldText) ? "\r\n" : "\n";
  const format = (block: ManagedBlock) => formatBlock(block, sign, newline);
  const waiting = new Map(blocks.map((block) => [block.name, block]));
  const kept = split(oldText, sign).map((part) => {
    if (part.kind === "foreign") return part.text;
    const block = waiting.get(part.block.name);
    if (block === undefined) return part.text;
    waiting.delete(block.name);
    return format(block) + (part.text.endsWith("\n") ? newline : "");
  }).join("");
  const added = [...waiting.values()].map(format);
  if (added.length === 0) return kept;
  const isOpen = kept !== "" && !kept.endsWith("\n");
  // The missing line end stays missing, so that removing the block gives the old bytes again.
  return isOpen
    ? [kept, ...added].join(newline)
    : kept + added.map((text) => text + newline).join("");
}

/**
 * Takes the blocks of these names out of a file; without names, all.
 *
 * @throws {UnreadableText} as {@linkcode readBlocks} does
 */
export function removeBlocks(
  oldText: string,
  names: readonly string[] | undefined,
  sign: CommentSign,
): string {
  const gone = names && new Set(names);
  let text = "";
  for (const part of split(oldText, sign)) {
    if (part.kind === "foreign" || gone?.has(part.block.name) === false) {
      text += part.text;
    } else if (!part.text.endsWith("\n")) {
      text = text.replace(/\r?\n$/, "");
    }
  }
  return text;
}

function formatBlock(
  { name, expiresAt, lines }: ManagedBlock,
  sign: CommentSign,
  newline: string,
): string {
  const label = encodeName(name);
  const expiry = expiresAt === undefined
    ? ""
    : `, token until ${new Date(expiresAt).toISOString()}`;
  return [
    `${sign} rdsiam begin ${label} (do not edit${expiry})`,
    ...lines,
    `${sign} rdsiam end ${label}`,
  ].join(newline);
}

/** A name as one word on a line of its own. */
function encodeName(name: string): string {
  return name.replace(/[\s%\p{Cc}]/gu, encodeURIComponent);
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function bare(line: string): string {
  return line.replace(/\r?\n$/, "");
}

function split(text: string, sign: CommentSign): Part[] {
  const parts: Part[] = [];
  const names = new Set<string>();
  let open: { label: string; expiry?: string; line: number } | undefined;
  let held: string[] = [];
  const close = (part: (text: string) => Part) => {
    if (held.length > 0) parts.push(part(held.join("")));
    held = [];
  };
  let foreignLine = 1;
  for (const [index, line] of linesOf(text).entries()) {
    const marker = readMarker(line, sign);
    const number = index + 1;
    if (line.includes("\0")) {
      throw new UnreadableText(number, "it holds a NUL byte");
    }
    if (marker?.kind === "begin") {
      if (open !== undefined) throw unended(open);
      if (names.has(marker.label)) {
        throw new UnreadableText(number, "a managed block occurs twice");
      }
      names.add(marker.label);
      const line = foreignLine;
      close((text) => ({ kind: "foreign", text, line }));
      open = { ...marker, line: number };
    }
    held.push(line);
    if (marker?.kind === "end") {
      if (open?.label !== marker.label) {
        throw new UnreadableText(
          number,
          "a managed block ends here that did not begin",
        );
      }
      const block = readBlock(open, held);
      close((text) => ({ kind: "block", text, block }));
      open = undefined;
      foreignLine = number + 1;
    }
  }
  if (open !== undefined) throw unended(open);
  close((text) => ({ kind: "foreign", text, line: foreignLine }));
  return parts;
}

function unended({ line }: { line: number }): UnreadableText {
  return new UnreadableText(
    line,
    "a managed block begins here and does not end",
  );
}

function readMarker(line: string, sign: CommentSign) {
  const match =
    /^(.) rdsiam (begin|end) (\S+)(?: \(do not edit(?:, token until (\S+))?\))?$/
      .exec(line.trimEnd());
  const [, start, kind, label = "", expiry] = match ?? [];
  if (start !== sign) return undefined;
  return kind === "begin"
    ? { kind: "begin" as const, label, ...(expiry && { expiry }) }
    : { kind: "end" as const, label };
}

function readBlock(
  { label, expiry, line }: { label: string; expiry?: string; line: number },
  text: readonly string[],
): ManagedBlock {
  const time = expiry === undefined ? NaN : Date.parse(expiry);
  try {
    return {
      name: decodeURIComponent(label),
      expiresAt: Number.isNaN(time) ? undefined : time,
      lines: text.slice(1, -1).map(bare),
    };
  } catch {
    throw new UnreadableText(line, "a managed block has a broken name");
  }
}
