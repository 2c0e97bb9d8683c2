import { UnreadableText } from "../../core/writer/writer.ts";

/**
 * Reads a JSON file that a writer wrote as a whole.
 *
 * @param isOwn whether a value is what the writer writes
 * @returns `undefined` for an empty file
 * @throws {UnreadableText} when it holds anything else
 */
export function readOwnJson<Value>(
  text: string,
  isOwn: (value: unknown) => value is Value,
): Value | undefined {
  if (text.trim() === "") return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not repeated: a parser's message quotes the text.
  }
  if (isOwn(value)) return value;
  throw new UnreadableText(
    1,
    "it holds something else than what this writer wrote: name another file",
  );
}

/** Whether a value is an object with fields. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
