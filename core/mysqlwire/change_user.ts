import { concatBytes } from "../text/bytes.ts";
import { BodyReader, integer, lengthPrefixed, zeroEnded } from "./bytes.ts";
import { CAPABILITIES, hasFlag } from "./capabilities.ts";

/** The command by which a session goes over to another user, and forgets what it was told before. */
export const CHANGE_USER = 0x11;

/** What a client asks for with it (MySQL source documentation, "COM_CHANGE_USER"). */
export interface ChangeUser {
  username: Uint8Array;
  /** The proof of the password; at most 255 bytes. */
  proof: Uint8Array;
  /** Empty for none. */
  database: Uint8Array;
  charset: number;
  plugin: string | undefined;
  /** The client's attributes, as they came; `undefined` without. */
  attributes: Uint8Array | undefined;
}

/**
 * Reads the command.
 *
 * @param capabilities what client and server agreed on
 * @throws {SyntaxError} when it is malformed
 */
export function decodeChangeUser(
  body: Uint8Array,
  capabilities: number,
): ChangeUser {
  const reader = new BodyReader(body);
  const has = (flag: number) => hasFlag(capabilities, flag);
  if (reader.integer(1) !== CHANGE_USER) {
    throw new SyntaxError("Not a change of users");
  }
  const username = reader.untilZero();
  const proof = has(CAPABILITIES.SECURE_CONNECTION)
    ? reader.take(reader.integer(1))
    : reader.untilZero();
  const database = reader.untilZero();
  // What follows was added in the course of time, and may be left out from any point on.
  const charset = reader.left >= 2 ? reader.integer(2) : 0;
  const plugin = has(CAPABILITIES.PLUGIN_AUTH) && reader.left > 0
    ? new TextDecoder().decode(reader.untilZero())
    : undefined;
  const attributes = has(CAPABILITIES.CONNECT_ATTRS) && reader.left > 0
    ? reader.take(reader.lengthEncoded())
    : undefined;
  return { username, proof, database, charset, plugin, attributes };
}

/** Writes the command, for a session that has plugins. */
export function encodeChangeUser(
  { username, proof, database, charset, plugin, attributes }: ChangeUser,
  capabilities: number,
): Uint8Array {
  return concatBytes(
    Uint8Array.of(CHANGE_USER),
    ...zeroEnded(username),
    integer(proof.length, 1),
    proof,
    ...zeroEnded(database),
    integer(charset, 2),
    ...zeroEnded(plugin ?? ""),
    ...(hasFlag(capabilities, CAPABILITIES.CONNECT_ATTRS)
      ? lengthPrefixed(attributes ?? new Uint8Array())
      : []),
  );
}
