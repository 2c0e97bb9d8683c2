/**
 * Text that may hold bytes which are no UTF-8, carried as they are: each such byte is a lone surrogate, U+DC80 to U+DCFF, as
 * Python's `surrogateescape` has it (PEP 383). Text in UTF-8 is itself.
 */

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** What is added to a byte. */
const ESCAPE = 0xdc00;

/** Reads bytes, whatever they are. */
export function decodeAnyText(bytes: Uint8Array): string {
  const whole = decode(bytes);
  if (whole !== undefined) return whole;
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes[at] ?? 0);
    const character = decode(bytes.subarray(at, at + length));
    text += character ?? String.fromCharCode(ESCAPE + (bytes[at] ?? 0));
    at += character === undefined ? 1 : length;
  }
  return text;
}

/** Writes what {@linkcode decodeAnyText} has read. */
export function encodeAnyText(text: string): Uint8Array {
  if (text.isWellFormed()) return encoder.encode(text);
  return Uint8Array.from(
    [...text].flatMap((character) => {
      const code = character.codePointAt(0) ?? 0;
      return code >= ESCAPE + 0x80 && code <= ESCAPE + 0xff
        ? [code - ESCAPE]
        : [...encoder.encode(character)];
    }),
  );
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** How long a character is that begins with this byte. */
function sequenceLength(first: number): number {
  return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
}
