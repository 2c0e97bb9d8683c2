import { decodeAnyText, encodeAnyText } from "../text/any_text.ts";
import { concatBytes } from "../text/bytes.ts";
import { encodeMessage } from "./packet_buffer.ts";

/** What a client may say first (PostgreSQL manual, "Message Formats"). */
export type StartupPacket =
  | { kind: "ssl-request" }
  | { kind: "gssenc-request" }
  | { kind: "cancel-request" }
  | {
    kind: "startup";
    /** The minor version of protocol 3 that is asked for. */
    minor: number;
    parameters: ReadonlyMap<string, string>;
  };

const SSL_REQUEST = 80877103;
const GSSENC_REQUEST = 80877104;
const CANCEL_REQUEST = 80877102;
const MAJOR_VERSION = 3;

/**
 * Decodes a start-up packet.
 *
 * @param bytes the packet, its length included
 * @throws {SyntaxError} when it is malformed or of another protocol than 3; the message holds no parameter's value,
 * which may be a secret
 */
export function decodeStartupPacket(bytes: Uint8Array): StartupPacket {
  if (bytes.length < 8) {
    throw new SyntaxError("Cannot read start-up packet: it is too short");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const code = view.getUint32(4);
  switch (code) {
    case SSL_REQUEST:
      return { kind: "ssl-request" };
    case GSSENC_REQUEST:
      return { kind: "gssenc-request" };
    case CANCEL_REQUEST:
      return { kind: "cancel-request" };
  }
  if (code >>> 16 !== MAJOR_VERSION) {
    throw new SyntaxError(
      `Cannot read start-up packet: protocol ${code >>> 16}.${
        code & 0xffff
      } is not supported`,
    );
  }
  return {
    kind: "startup",
    minor: code & 0xffff,
    parameters: decodeParameters(bytes.subarray(8)),
  };
}

/** A request for TLS. */
export function encodeSslRequest(): Uint8Array {
  return encodePacket(SSL_REQUEST, new Uint8Array());
}

/**
 * A start-up packet of protocol 3.
 *
 * @param minor the minor version to ask for
 */
export function encodeStartupPacket(
  minor: number,
  parameters: ReadonlyMap<string, string>,
): Uint8Array {
  const pairs = [...parameters].map(([name, value]) => `${name}\0${value}\0`);
  const body = encodeAnyText(`${pairs.join("")}\0`);
  return encodePacket(MAJOR_VERSION << 16 | minor, body);
}

/**
 * The key that a cancel request shows: process number and secret, as they stood in `BackendKeyData`.
 *
 * @param bytes a packet that {@linkcode decodeStartupPacket} read as a cancel request
 */
export function cancelKeyOf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(8);
}

function encodePacket(code: number, body: Uint8Array): Uint8Array {
  const head = new Uint8Array(8);
  const view = new DataView(head.buffer);
  view.setUint32(0, 8 + body.length);
  view.setUint32(4, code);
  return concatBytes(head, body);
}

/** Names and values, each ended by NUL, and one more NUL at the very end. */
function decodeParameters(bytes: Uint8Array): Map<string, string> {
  const parameters = new Map<string, string>();
  let position = 0;
  function takeText(): string {
    const end = bytes.indexOf(0, position);
    if (end < 0) throw unterminated();
    const text = decodeAnyText(bytes.subarray(position, end));
    position = end + 1;
    return text;
  }
  for (let name = takeText(); name !== ""; name = takeText()) {
    parameters.set(name, takeText());
  }
  if (position !== bytes.length) throw unterminated();
  return parameters;
}

function unterminated(): SyntaxError {
  return new SyntaxError(
    "Cannot read start-up packet: its parameters do not end as they should",
  );
}

/** The newest minor version of protocol 3 there is: PostgreSQL 18's, with longer cancel keys. */
export const NEWEST_MINOR = 2;

/** Parameters of this prefix ask for extensions of the protocol. */
const EXTENSION_PREFIX = "_pq_.";

/** What is agreed on with a client. */
export interface AgreedProtocol {
  /** The minor version. */
  minor: number;
  /** The parameters without requests for extensions, of which there are none. */
  parameters: ReadonlyMap<string, string>;
  /** What to tell the client, when it asked for more. */
  answer: Uint8Array | undefined;
}

/**
 * Agrees on a version with a client (PostgreSQL manual, "NegotiateProtocolVersion"). There is no 3.1: who asks for it
 * gets 3.0.
 */
export function agreeOnProtocol(
  minor: number,
  parameters: ReadonlyMap<string, string>,
): AgreedProtocol {
  const agreed = minor >= NEWEST_MINOR ? NEWEST_MINOR : 0;
  const unknown = [...parameters.keys()]
    .filter((name) => name.startsWith(EXTENSION_PREFIX));
  const known = [...parameters]
    .filter(([name]) => !name.startsWith(EXTENSION_PREFIX));
  return {
    minor: agreed,
    parameters: new Map(known),
    answer: agreed === minor && unknown.length === 0
      ? undefined
      : negotiateProtocolVersion(agreed, unknown),
  };
}

function negotiateProtocolVersion(
  minor: number,
  unknown: readonly string[],
): Uint8Array {
  const head = new Uint8Array(8);
  const view = new DataView(head.buffer);
  view.setUint32(0, 3 << 16 | minor);
  view.setUint32(4, unknown.length);
  const names = encodeAnyText(
    unknown.map((name) => `${name}\0`).join(""),
  );
  return encodeMessage({ type: "v", body: concatBytes(head, names) });
}
