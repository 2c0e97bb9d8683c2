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

/** How many are listed before the rest is counted. */
const LISTED = 3;

/** Says that entries were put above a line that would have been read in their place. */
export function shadowNotice(line: number, names: readonly string[]): string {
  return `Line ${line} would be read first: ${list(names)} put above it`;
}

/** Says that lines are no passfile's, which not every client bears. */
export function malformedNotice(lines: readonly number[]): string {
  const are = lines.length === 1
    ? `Line ${lines[0]} is`
    : `Lines ${list(lines.map(String))} are`;
  return `${are} not host:port:database:username:password: psql skips that, JDBC, Npgsql or asyncpg may fail at it`;
}

/** Says that entries were left out because a passfile serves PostgreSQL alone. */
export function engineNotice(names: readonly string[]): string {
  return `No PostgreSQL, and so not in a passfile: ${list(names)}`;
}

function list(names: readonly string[]): string {
  const rest = names.length - LISTED;
  return rest > 0
    ? `${names.slice(0, LISTED).join(", ")} and ${rest} more`
    : names.join(", ");
}
