import { unwritable } from "./definition.ts";

/** What XML 1.0 cannot hold, escaped or not. */
// deno-lint-ignore no-control-regex
const IMPOSSIBLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/**
 * Text of an XML element, in ASCII: whatever encoding a reader takes the file for, it reads the same.
 *
 * @param what what it is, for the error
 * @throws {RdsiamError} `usage`, when XML cannot hold it
 */
export function escapeXml(text: string, what: string): string {
  if (IMPOSSIBLE.test(text) || !text.isWellFormed()) {
    throw unwritable(what, "XML");
  }
  return text.replaceAll(
    /[^ -~]|[&<>"']/gu,
    (character) => `&#${character.codePointAt(0)};`,
  );
}
