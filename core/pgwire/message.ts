/** A message of the protocol: its type byte and what follows its length (PostgreSQL manual, "Message Formats"). */
export interface Message {
  /** The type, one character. */
  type: string;
  /** What follows the length. */
  body: Uint8Array;
}

/** A message as it is sent. */
export function encodeMessage({ type, body }: Message): Uint8Array {
  const head = new Uint8Array(5);
  head[0] = type.charCodeAt(0);
  new DataView(head.buffer).setUint32(1, 4 + body.length);
  return concatBytes(head, body);
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
