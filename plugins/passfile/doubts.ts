import { UnreadableText } from "../../core/writer/writer.ts";
import type { PassfileDialect } from "../../core/passfile/line.ts";
import type { ForeignLine, PassfileText } from "./text.ts";

/**
 * Numbers of the lines that are no `host:port:database:username:password`, with a port that is a number or `*`, nor
 * blank, nor a comment. libpq skips them.
 *
 * @throws {UnreadableText} when no line is anything else, so that the text is not a passfile's at all, or when it holds
 * NUL, so that it is no text
 */
export function malformedLines(
  { parts }: PassfileText,
  dialect: PassfileDialect,
): readonly number[] {
  let isPassfile = false;
  const malformed: number[] = [];
  for (const part of parts) {
    if (part.content.includes("\0")) {
      throw new UnreadableText(part.number, "it holds a NUL byte");
    }
    if (part.kind === "managed" || isSound(part, dialect)) isPassfile = true;
    else if (!isSilent(part)) malformed.push(part.number);
  }
  if (!isPassfile && malformed[0] !== undefined) {
    throw new UnreadableText(
      malformed[0],
      "it is not host:port:database:username:password, and neither is any other line",
    );
  }
  return malformed;
}

function isSound({ content }: ForeignLine, dialect: PassfileDialect): boolean {
  const line = dialect.read(content);
  return line !== undefined && /^\d+$/.test(line.port ?? "0");
}

/** A line that says nothing: blank, or a comment, which people also indent. */
function isSilent({ content }: ForeignLine): boolean {
  return /^\s*(#|$)/.test(content);
}
