/** A piece of a text to put other text for; places are counted in UTF-16 units. */
export interface TextEdit {
  /** Where the piece begins. */
  offset: number;
  /** How long it is; 0 inserts. */
  length: number;
  /** What stands there afterwards. */
  content: string;
}

/** Makes all edits, which must not overlap. Those at one place are made in the order they are given. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const pieces: string[] = [];
  let done = 0;
  // `toSorted` is stable, which keeps the order at one place.
  for (const edit of edits.toSorted((a, b) => a.offset - b.offset)) {
    if (edit.offset < done) throw new RangeError("Edits overlap");
    pieces.push(text.slice(done, edit.offset), edit.content);
    done = edit.offset + edit.length;
  }
  return pieces.join("") + text.slice(done);
}

/** Number of the line that a place is in, from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** The line end that a text uses: that of its first line, `\n` where it has none. */
export function lineEndOf(text: string): "\n" | "\r\n" {
  return /^[^\n]*\r\n/.test(text) ? "\r\n" : "\n";
}

/** The white space that the line of this place begins with, up to the place itself. */
export function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? "";
}

/** What a text indents one level with: the white space before its first indented line, else two spaces. */
export function indentUnitOf(text: string): string {
  return /\n([ \t]+)\S/.exec(text)?.[1] ?? "  ";
}
