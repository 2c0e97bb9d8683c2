import { RdsiamError } from "./errors.ts";
import type { WriterEntry } from "./writer.ts";

/**
 * The only entry, for a file that holds one.
 *
 * @throws {RdsiamError} `usage`, when there are several
 */
export function oneEntry(
  writer: string,
  entries: readonly WriterEntry[],
): WriterEntry | undefined {
  const [first, second] = entries;
  if (first === undefined || second === undefined) return first;
  throw new RdsiamError(
    "usage",
    `Writer ${writer} cannot put "${first.name}" and "${second.name}" into one file: it holds one target`,
    { hint: "Give each target a file of its own" },
  );
}
