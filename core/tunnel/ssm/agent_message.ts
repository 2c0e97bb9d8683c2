import { createHash } from "node:crypto";

/**
 * A message of Session Manager's data channel, as the agent and AWS's session-manager-plugin exchange them (public source of
 * both: `agent/session/contracts`, `src/message`). All numbers are big-endian.
 */
export interface AgentMessage {
  /** Such as `output_stream_data`. */
  type: string;
  /** When it was made, in milliseconds since the epoch. */
  createdAt: number;
  /** Its place in the stream of its sender. */
  sequence: number;
  flags: number;
  /** A UUID, as its text. */
  id: string;
  payloadType: number;
  payload: Uint8Array;
}

/** Kinds of payload that a port session has. */
export const PAYLOAD = {
  data: 1,
  handshakeRequest: 5,
  handshakeResponse: 6,
  handshakeComplete: 7,
  encryptionChallenge: 8,
  flag: 10,
} as const;

/** Values of a flag's payload. */
export const FLAG = { terminateSession: 2, connectError: 3 } as const;

const TYPE_AT = 4;
const TYPE_BYTES = 32;
const SCHEMA_AT = 36;
const CREATED_AT = 40;
const SEQUENCE_AT = 48;
const FLAGS_AT = 56;
const ID_AT = 64;
const DIGEST_AT = 80;
const PAYLOAD_TYPE_AT = 112;
/** Where the header ends by its own account: the length of the payload still follows. */
const HEADER_BYTES = 116;
const PAYLOAD_AT = 120;

/** Writes a message. */
export function encodeAgentMessage(message: AgentMessage): Uint8Array {
  const { payload } = message;
  const bytes = new Uint8Array(PAYLOAD_AT + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, HEADER_BYTES);
  const type = new TextEncoder().encode(message.type.padEnd(TYPE_BYTES));
  bytes.set(type.subarray(0, TYPE_BYTES), TYPE_AT);
  view.setUint32(SCHEMA_AT, 1);
  view.setBigUint64(CREATED_AT, BigInt(message.createdAt));
  view.setBigInt64(SEQUENCE_AT, BigInt(message.sequence));
  view.setBigUint64(FLAGS_AT, BigInt(message.flags));
  const id = Uint8Array.fromHex(message.id.replaceAll("-", ""));
  // As Java's two longs of a UUID, the least significant first.
  bytes.set(id.subarray(8), ID_AT);
  bytes.set(id.subarray(0, 8), ID_AT + 8);
  bytes.set(createHash("sha256").update(payload).digest(), DIGEST_AT);
  view.setUint32(PAYLOAD_TYPE_AT, message.payloadType);
  view.setUint32(HEADER_BYTES, payload.length);
  bytes.set(payload, PAYLOAD_AT);
  return bytes;
}

/**
 * Reads a message.
 *
 * @throws {SyntaxError} when it is none
 */
export function decodeAgentMessage(bytes: Uint8Array): AgentMessage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = bytes.length < PAYLOAD_AT ? 0 : view.getUint32(0);
  // A header may grow; it ends with the length of the payload.
  if (header < HEADER_BYTES || header + 4 > bytes.length) {
    throw new SyntaxError("A message of the data channel is too short");
  }
  const payload = bytes.subarray(header + 4);
  if (payload.length !== view.getUint32(header)) {
    throw new SyntaxError("A message of the data channel is cut off");
  }
  const type = new TextDecoder().decode(
    bytes.subarray(TYPE_AT, TYPE_AT + TYPE_BYTES),
  );
  const id = bytes.subarray(ID_AT, ID_AT + 16);
  const hex = id.subarray(8).toHex() + id.subarray(0, 8).toHex();
  return {
    type: type.replace(/[\s\0]+$/, ""),
    createdAt: Number(view.getBigUint64(CREATED_AT)),
    sequence: Number(view.getBigInt64(SEQUENCE_AT)),
    flags: Number(view.getBigUint64(FLAGS_AT)),
    id: hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"),
    payloadType: view.getUint32(PAYLOAD_TYPE_AT),
    payload,
  };
}
