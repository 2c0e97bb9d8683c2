import { concatBytes } from "../text/bytes.ts";
import { BodyReader, integer, zeroEnded } from "./bytes.ts";

/** How many random bytes a server sends for proofs of passwords. */
export const SALT_BYTES = 20;

/** The first packet of a server (MySQL source documentation, "Protocol::HandshakeV10"). */
export interface Greeting {
  /** The server's version, as it writes it: `5.5.5-10.11.19-MariaDB` */
  version: Uint8Array;
  /** The number of the session, which `KILL QUERY` names. */
  threadId: number;
  capabilities: number;
  charset: number;
  status: number;
  /** Ten bytes; the last four are MariaDB's further capabilities. */
  reserved: Uint8Array;
  salt: Uint8Array;
  /** The authentication plugin that the server begins with. */
  plugin: string;
}

const VERSION = 10;
const FIRST_SALT_BYTES = 8;
const decoder = new TextDecoder();

/**
 * Reads a greeting.
 *
 * @throws {SyntaxError} when it is none of protocol version 10
 */
export function decodeGreeting(body: Uint8Array): Greeting {
  const reader = new BodyReader(body);
  const protocol = reader.integer(1);
  if (protocol !== VERSION) {
    throw new SyntaxError(`Cannot speak version ${protocol} of the protocol`);
  }
  const version = reader.untilZero().slice();
  const threadId = reader.integer(4);
  const firstSalt = reader.take(FIRST_SALT_BYTES);
  reader.integer(1);
  const low = reader.integer(2);
  const charset = reader.integer(1);
  const status = reader.integer(2);
  const high = reader.integer(2);
  const saltLength = reader.integer(1);
  const reserved = reader.take(10).slice();
  const rest = Math.max(13, saltLength - FIRST_SALT_BYTES);
  const secondSalt = reader.take(Math.min(rest, reader.left));
  return {
    ...{ version, threadId, charset, status, reserved },
    capabilities: (low | high << 16) >>> 0,
    salt: concatBytes(
      firstSalt,
      secondSalt.subarray(0, SALT_BYTES - FIRST_SALT_BYTES),
    ),
    plugin: decoder.decode(reader.untilZero()),
  };
}

/** Writes a greeting. */
export function encodeGreeting(greeting: Greeting): Uint8Array {
  const { version, threadId, capabilities, charset, status, salt } = greeting;
  return concatBytes(
    integer(VERSION, 1),
    ...zeroEnded(version),
    integer(threadId, 4),
    ...zeroEnded(salt.subarray(0, FIRST_SALT_BYTES)),
    integer(capabilities, 2),
    integer(charset, 1),
    integer(status, 2),
    integer(capabilities >>> 16, 2),
    integer(SALT_BYTES + 1, 1),
    greeting.reserved,
    ...zeroEnded(salt.subarray(FIRST_SALT_BYTES)),
    ...zeroEnded(greeting.plugin),
  );
}
