import { concatBytes } from "../text/concat_bytes.ts";

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
