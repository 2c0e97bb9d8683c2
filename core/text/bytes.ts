const INVALID = 0xdc00; // U+DC80 to U+DCFF stand for the bytes 0x80 to 0xFF
const CHUNK = 8192;

/**
 * The text of a file's bytes: UTF-8 with its byte order mark kept, and each byte that is part of no character as a lone
 * surrogate U+DC80 to U+DCFF (Python's `surrogateescape`, PEP 383). {@linkcode bytesOf} gives the same bytes back.
 */
export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(bytes);
  } catch {
    return decodeEscaping(bytes);
  }
}

/**
 * The bytes of a text that {@linkcode textOf} made, or that was made of such.
 *
 * @throws {RangeError} when it holds half a surrogate pair that stands for no byte
 */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  if (text.isWellFormed()) return new TextEncoder().encode(text);
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  let begin = 0; // of what is well-formed
  function encodeUntil(end: number) {
    if (begin === end) return;
    const part = text.slice(begin, end);
    length += new TextEncoder()
      .encodeInto(part, bytes.subarray(length)).written;
  }
  for (let at = 0; at < text.length; at++) {
    const code = text.codePointAt(at) ?? 0;
    if (code > 0xffff) at++;
    if (code < 0xd800 || code > 0xdfff) continue;
    if (code < INVALID + 0x80 || code > INVALID + 0xff) {
      throw new RangeError("Text holds half a surrogate pair");
    }
    encodeUntil(at);
    bytes[length++] = code - INVALID;
    begin = at + 1;
  }
  encodeUntil(text.length);
  return bytes.slice(0, length);
}

function decodeEscaping(bytes: Uint8Array): string {
  const units = new Uint16Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length;) {
    const size = characterSize(bytes, at);
    const byte = bytes[at] ?? 0;
    if (size === 0) {
      units[length++] = INVALID + byte;
      at++;
      continue;
    }
    let code = size === 1 ? byte : byte & (0xff >> (size + 1));
    for (let next = 1; next < size; next++) {
      code = code << 6 | (bytes[at + next] ?? 0) & 0x3f;
    }
    if (code > 0xffff) {
      units[length++] = 0xd7c0 + (code >> 10);
      units[length++] = 0xdc00 + (code & 0x3ff);
    } else {
      units[length++] = code;
    }
    at += size;
  }
  let text = "";
  for (let at = 0; at < length; at += CHUNK) {
    text += String.fromCharCode(
      ...units.subarray(at, Math.min(length, at + CHUNK)),
    );
  }
  return text;
}

/** How many bytes the character has that begins here, 0 when none does (Unicode 16, table 3-7). */
function characterSize(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const size = lead < 0xc2 || lead > 0xf4
    ? 0
    : lead < 0xe0
    ? 2
    : lead < 0xf0
    ? 3
    : 4;
  for (let next = 1; next < size; next++) {
    const byte = bytes[at + next] ?? 0;
    const [least, most] = next === 1 ? secondByte(lead) : [0x80, 0xbf];
    if (byte < least || byte > most) return 0;
  }
  return size;
}

/** What may follow a leading byte: less where it would be too long a form, a surrogate, or beyond Unicode. */
function secondByte(lead: number): readonly [least: number, most: number] {
  switch (lead) {
    case 0xe0:
      return [0xa0, 0xbf];
    case 0xed:
      return [0x80, 0x9f];
    case 0xf0:
      return [0x90, 0xbf];
    case 0xf4:
      return [0x80, 0x8f];
    default:
      return [0x80, 0xbf];
  }
}

/** These bytes in a row. */
export function concatBytes(
  ...parts: readonly Uint8Array[]
): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const joined = new Uint8Array(length);
  let position = 0;
  for (const part of parts) {
    joined.set(part, position);
    position += part.length;
  }
  return joined;
}
