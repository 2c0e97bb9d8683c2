import { concatBytes } from "../text/bytes.ts";
import { BodyReader, lengthPrefixed } from "./bytes.ts";
import { CAPABILITIES, hasFlag } from "./capabilities.ts";

/** The flag of a status that session state follows. */
const SESSION_STATE_CHANGED = 0x4000;

/**
 * Puts another info into an OK packet (MySQL source documentation, "Protocol::OK_Packet"); the rest stays.
 *
 * @param capabilities what client and server agreed on
 * @throws {SyntaxError} when it is no OK packet
 */
export function replaceInfo(
  body: Uint8Array,
  info: Uint8Array,
  capabilities: number,
): Uint8Array {
  const reader = new BodyReader(body);
  if (reader.integer(1) !== 0) throw new SyntaxError("Not an OK packet");
  reader.lengthEncoded(); // affected rows
  reader.lengthEncoded(); // last id
  const status = reader.integer(2);
  reader.integer(2); // warnings
  const head = body.subarray(0, body.length - reader.left);
  if (!hasFlag(capabilities, CAPABILITIES.SESSION_TRACK)) {
    return concatBytes(head, info);
  }
  if (reader.left > 0) reader.take(reader.lengthEncoded());
  const state = hasFlag(status, SESSION_STATE_CHANGED)
    ? reader.rest()
    : new Uint8Array();
  return concatBytes(head, ...lengthPrefixed(info), state);
}
