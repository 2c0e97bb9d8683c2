import { concatBytes } from "../text/bytes.ts";
import { integer } from "./bytes.ts";

/** A packet of the login. */
export interface Packet {
  /** Its number in the exchange; either side goes on where the other one stopped. */
  sequence: number;
  body: Uint8Array;
}

/** How many bytes stand before a body. */
export const HEADER_BYTES = 4;

/**
 * More than a packet of a login needs: the longest holds a token, attributes of the client and a name or two. With what is
 * read at once, no more than 64 kB are kept of a stranger.
 */
export const MAX_LOGIN_BYTES = 60_000;

/** A packet as it goes over the wire (MySQL source documentation, "MySQL Packets"). */
export function encodePacket(sequence: number, body: Uint8Array): Uint8Array {
  return concatBytes(
    integer(body.length, 3),
    integer(sequence & 0xff, 1),
    body,
  );
}

/** The bytes of a login, in which packets are found. */
export class LoginPackets {
  #bytes: Uint8Array = new Uint8Array();

  /** Takes bytes that have come. */
  push(bytes: Uint8Array): void {
    this.#bytes = this.#bytes.length === 0
      ? bytes
      : concatBytes(this.#bytes, bytes);
  }

  /**
   * The next packet; `undefined` until all of it is there.
   *
   * @throws {SyntaxError} when it is longer than any of a login
   */
  take(): Packet | undefined {
    const [low = 0, middle = 0, high = 0, sequence = 0] = this.#bytes;
    if (this.#bytes.length < HEADER_BYTES) return undefined;
    const length = low | middle << 8 | high << 16;
    if (length > MAX_LOGIN_BYTES) {
      throw new SyntaxError(`Cannot read a packet of ${length} bytes`);
    }
    const end = HEADER_BYTES + length;
    if (this.#bytes.length < end) return undefined;
    const body = this.#bytes.subarray(HEADER_BYTES, end);
    this.#bytes = this.#bytes.subarray(end);
    return { sequence, body };
  }

  /** Gives up what has come beyond the packets that were taken. */
  takeRest(): Uint8Array {
    const rest = this.#bytes;
    this.#bytes = new Uint8Array();
    return rest;
  }
}
