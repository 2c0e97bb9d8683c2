const encoder = new TextEncoder();

/** Reads the integers and strings of a packet's body, one after the other; numbers are little-endian. */
export class BodyReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  /** Starts at the beginning of a body. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** How many bytes are left. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** An integer of one, two or four bytes. */
  integer(size: 1 | 2 | 4): number {
    const at = this.#skip(size);
    switch (size) {
      case 1:
        return this.#view.getUint8(at);
      case 2:
        return this.#view.getUint16(at, true);
      case 4:
        return this.#view.getUint32(at, true);
    }
  }

  /** An integer that tells its own length. */
  lengthEncoded(): number {
    const first = this.integer(1);
    if (first < 0xfb) return first;
    switch (first) {
      case 0xfc:
        return this.integer(2);
      case 0xfd:
        return this.integer(2) + this.integer(1) * 0x10000;
      case 0xfe: {
        const value = Number(this.#view.getBigUint64(this.#skip(8), true));
        if (Number.isSafeInteger(value)) return value;
      }
    }
    throw new SyntaxError("Cannot read a length of the packet");
  }

  /** So many bytes. */
  take(length: number): Uint8Array {
    const at = this.#skip(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** Bytes up to a zero byte, which is passed by; up to the end, where there is none. */
  untilZero(): Uint8Array {
    const end = this.#bytes.indexOf(0, this.#at);
    if (end === -1) return this.rest();
    const taken = this.take(end - this.#at);
    this.#at++;
    return taken;
  }

  /** All that is left. */
  rest(): Uint8Array {
    return this.take(this.left);
  }

  #skip(length: number): number {
    if (length > this.left) {
      throw new SyntaxError("Cannot read a packet: it ends too early");
    }
    const at = this.#at;
    this.#at += length;
    return at;
  }
}

/** An integer of so many bytes, little-endian. */
export function integer(value: number, size: 1 | 2 | 3 | 4): Uint8Array {
  return Uint8Array.from(
    { length: size },
    (_, i) => (value >>> (8 * i)) & 0xff,
  );
}

/** An integer that tells its own length. */
export function lengthEncoded(value: number): Uint8Array {
  if (value < 0xfb) return integer(value, 1);
  if (value < 0x10000) return Uint8Array.of(0xfc, ...integer(value, 2));
  if (value < 0x1000000) return Uint8Array.of(0xfd, ...integer(value, 3));
  const bytes = new Uint8Array(9);
  bytes[0] = 0xfe;
  new DataView(bytes.buffer).setBigUint64(1, BigInt(value), true);
  return bytes;
}

/** Bytes with their length before them. */
export function lengthPrefixed(bytes: Uint8Array): Uint8Array[] {
  return [lengthEncoded(bytes.length), bytes];
}

/** A text and a zero byte. */
export function zeroEnded(text: string | Uint8Array): Uint8Array[] {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  return [bytes, Uint8Array.of(0)];
}
