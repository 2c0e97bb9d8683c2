import type { EngineName } from "../engine/engine.ts";

/** The first byte of PostgreSQL's messages that may come before a login: an error, a version, an authentication request. */
const MESSAGES = [..."EvR"].map((letter) => letter.charCodeAt(0));

/** The first byte of a TLS record that a server may send first: an alert or a handshake. */
const RECORDS = [0x15, 0x16];

/**
 * Whether the first bytes that come out of a tunnel may be a database's. Text that a command prints before it connects is
 * none, and a client would only say that the server is no database.
 */
export function isGreeting(engine: EngineName, bytes: Uint8Array): boolean {
  const [first = 0, second] = bytes;
  if (engine === "postgres") {
    // The answer to a request for encryption, behind which the server waits (PostgreSQL manual, "Message Flow").
    if (bytes.length === 1) return true;
    if (RECORDS.includes(first)) return second === 3;
    return MESSAGES.includes(first) && second === 0; // no message is as long as 16 MB
  }
  // A packet's length, its number, and version 10 of the protocol or an error (MySQL, "Protocol::Handshake").
  const [, , , number = 0, version = 10] = bytes;
  return number === 0 && (version === 10 || version === 0xff);
}
