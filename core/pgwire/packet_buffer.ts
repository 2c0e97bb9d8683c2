import { concatBytes } from "../text/bytes.ts";

/** The shortest start-up packet: its length and its version. */
const MIN_STARTUP_BYTES = 8;

/**
 * The longest start-up packet: `MAX_STARTUP_PACKET_LENGTH` in PostgreSQL's src/include/libpq/pqcomm.h.
 */
export const MAX_STARTUP_BYTES = 10_000;

/**
 * The longest message before a login is done: `PG_MAX_AUTH_TOKEN_LENGTH` in PostgreSQL's src/include/libpq/auth.h.
 */
export const MAX_LOGIN_MESSAGE_BYTES = 65_535;

/**
 * The longest message of SASL: `PG_MAX_SASL_MESSAGE_LENGTH` in PostgreSQL's src/backend/libpq/auth-sasl.c. What SCRAM needs
 * is much shorter.
 */
export const MAX_SASL_MESSAGE_BYTES = 1024;

/** What a client said first is no packet of PostgreSQL's. A server closes the connection without an answer then. */
export class NotPostgres extends SyntaxError {
  override readonly name = "NotPostgres";
}

/**
 * Cuts bytes as they come from a socket into packets and messages (PostgreSQL manual, "Message Formats"). It holds no
 * more than one packet of the allowed length: a longer one is refused by its length alone.
 */
export class PacketBuffer {
  #bytes = new Uint8Array(0);

  /** Adds what was read. */
  push(chunk: Uint8Array): void {
    this.#bytes = concatBytes(this.#bytes, chunk);
  }

  /** The first byte, when there is one. */
  peek(): number | undefined {
    return this.#bytes[0];
  }

  /** Takes all that has not been taken. */
  takeRest(): Uint8Array<ArrayBuffer> {
    const rest = this.#bytes;
    this.#bytes = new Uint8Array(0);
    return rest;
  }

  /**
   * Takes a start-up packet, its length included, once it is there whole.
   *
   * @throws {NotPostgres} when its length is out of bounds
   */
  takeStartupPacket(): Uint8Array | undefined {
    return this.#take(0, MIN_STARTUP_BYTES, MAX_STARTUP_BYTES, NotPostgres);
  }

  /**
   * Takes a message once it is there whole.
   *
   * @param maxBytes how long it may be, its length included
   * @throws {SyntaxError} when its length is out of bounds
   */
  takeMessage(maxBytes = MAX_LOGIN_MESSAGE_BYTES): Message | undefined {
    const bytes = this.#take(1, 4, maxBytes, SyntaxError);
    return bytes && {
      type: String.fromCharCode(bytes[0] ?? 0),
      body: bytes.subarray(5),
    };
  }

  #take(
    lengthAt: number,
    minLength: number,
    maxLength: number,
    Failure: new (message: string) => SyntaxError,
  ): Uint8Array | undefined {
    if (this.#bytes.length < lengthAt + 4) return undefined;
    const length = new DataView(this.#bytes.buffer).getUint32(lengthAt);
    if (length < minLength || length > maxLength) {
      throw new Failure(`Cannot read packet: its length is ${length}`);
    }
    const end = lengthAt + length;
    if (this.#bytes.length < end) return undefined;
    const taken = this.#bytes.slice(0, end);
    this.#bytes = this.#bytes.slice(end);
    return taken;
  }
}

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
