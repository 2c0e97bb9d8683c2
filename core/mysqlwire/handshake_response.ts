import { concatBytes } from "../text/bytes.ts";
import { BodyReader, integer, lengthPrefixed, zeroEnded } from "./bytes.ts";
import { CAPABILITIES, changeFlags, hasFlag } from "./capabilities.ts";
import type { Greeting } from "./greeting.ts";

/** How long the packet is by which a client asks for TLS: the beginning of its response. */
const SSL_REQUEST_BYTES = 32;

/** What a client answers to the greeting (MySQL source documentation, "Protocol::HandshakeResponse41"). */
export interface HandshakeResponse {
  capabilities: number;
  /** The longest packet that it takes. */
  maxPacket: number;
  charset: number;
  /** 23 bytes; the last four are MariaDB's further capabilities. */
  filler: Uint8Array;
  username: Uint8Array;
  /** The proof of the password. */
  proof: Uint8Array;
  /** Empty for none. */
  database: Uint8Array;
  /** The plugin that the proof is of; `undefined` from clients that know of none. */
  plugin: string | undefined;
  /** The client's attributes, as they came; `undefined` without. */
  attributes: Uint8Array | undefined;
  /** How hard zstd is to compress; `undefined` without it. */
  zstdLevel: number | undefined;
}

const decoder = new TextDecoder();

/** Whether a client's first packet asks for TLS and says nothing else. */
export function isSslRequest(body: Uint8Array): boolean {
  return body.length === SSL_REQUEST_BYTES &&
    hasFlag(new BodyReader(body).integer(4), CAPABILITIES.SSL);
}

/**
 * Reads a client's response.
 *
 * @throws {SyntaxError} when it is of the protocol before 4.1, or malformed
 */
export function decodeHandshakeResponse(body: Uint8Array): HandshakeResponse {
  const reader = new BodyReader(body);
  const capabilities = reader.integer(4);
  const has = (flag: number) => hasFlag(capabilities, flag);
  if (!has(CAPABILITIES.PROTOCOL_41)) {
    throw new SyntaxError("Cannot speak the protocol before 4.1");
  }
  const maxPacket = reader.integer(4);
  const charset = reader.integer(1);
  const filler = reader.take(23);
  const username = reader.untilZero();
  const proof = has(CAPABILITIES.PLUGIN_AUTH_LENENC)
    ? reader.take(reader.lengthEncoded())
    : has(CAPABILITIES.SECURE_CONNECTION)
    ? reader.take(reader.integer(1))
    : reader.untilZero();
  const database = has(CAPABILITIES.CONNECT_WITH_DB)
    ? reader.untilZero()
    : new Uint8Array();
  const plugin = has(CAPABILITIES.PLUGIN_AUTH)
    ? decoder.decode(reader.untilZero())
    : undefined;
  const attributes = has(CAPABILITIES.CONNECT_ATTRS) && reader.left > 0
    ? reader.take(reader.lengthEncoded())
    : undefined;
  const zstdLevel = has(CAPABILITIES.ZSTD) && reader.left > 0
    ? reader.integer(1)
    : undefined;
  return {
    ...{ capabilities, maxPacket, charset, filler, username, proof, database },
    ...{ plugin, attributes, zstdLevel },
  };
}

/** Writes a client's response; its flags must say what is in it. */
export function encodeHandshakeResponse(
  response: HandshakeResponse,
): Uint8Array {
  const { capabilities, proof, attributes, zstdLevel } = response;
  const has = (flag: number) => hasFlag(capabilities, flag);
  return concatBytes(
    beginning(response),
    ...zeroEnded(response.username),
    ...(has(CAPABILITIES.PLUGIN_AUTH_LENENC)
      ? lengthPrefixed(proof)
      : has(CAPABILITIES.SECURE_CONNECTION)
      ? [integer(proof.length, 1), proof]
      : zeroEnded(proof)),
    ...(has(CAPABILITIES.CONNECT_WITH_DB) ? zeroEnded(response.database) : []),
    ...(has(CAPABILITIES.PLUGIN_AUTH) ? zeroEnded(response.plugin ?? "") : []),
    ...(has(CAPABILITIES.CONNECT_ATTRS)
      ? lengthPrefixed(attributes ?? new Uint8Array())
      : []),
    ...(has(CAPABILITIES.ZSTD) ? [integer(zstdLevel ?? 3, 1)] : []),
  );
}

/** The response of somebody without a name or a password; no account has an empty name. */
export function emptyResponse(
  { capabilities, charset, plugin }: Greeting,
): HandshakeResponse {
  return {
    capabilities: changeFlags(
      capabilities & (CAPABILITIES.MYSQL | CAPABILITIES.PROTOCOL_41 |
        CAPABILITIES.SECURE_CONNECTION | CAPABILITIES.PLUGIN_AUTH),
      {},
    ),
    maxPacket: 0x1000000,
    charset,
    filler: new Uint8Array(23),
    username: new Uint8Array(),
    proof: proofOfNothing(plugin),
    database: new Uint8Array(),
    plugin,
    attributes: undefined,
    zstdLevel: undefined,
  };
}

/** A proof that no password has. */
export function proofOfNothing(plugin: string): Uint8Array {
  return new Uint8Array(plugin === "mysql_native_password" ? 20 : 32);
}

/** The packet that asks for TLS before a response. */
export function encodeSslRequest(
  response: Pick<
    HandshakeResponse,
    "capabilities" | "maxPacket" | "charset" | "filler"
  >,
): Uint8Array {
  return beginning(response);
}

function beginning(
  { capabilities, maxPacket, charset, filler }: Pick<
    HandshakeResponse,
    "capabilities" | "maxPacket" | "charset" | "filler"
  >,
): Uint8Array {
  return concatBytes(
    integer(capabilities, 4),
    integer(maxPacket, 4),
    integer(charset, 1),
    filler,
  );
}
