import { Duplex } from "node:stream";
import type { ByteStream } from "../../core/ports/streams.ts";

/** What is read at once while little comes, and before a login, in bytes. */
const LITTLE_BYTES = 4096;

/** What is read at once after a read that was full: two records of TLS (RFC 8446, 5.1). */
const MUCH_BYTES = 32_768;

/**
 * The encrypted side of a connection, as `node:tls` takes it. Deno's `node:tls` ignores `pause()`: it decrypts whatever its
 * socket gives it, and keeps that. This one gives it nothing but what was asked for.
 */
export class Ciphertext extends Duplex {
  readonly #stream: ByteStream;
  #buffer = new Uint8Array(LITTLE_BYTES);
  #mayReadMuch = false;
  /** Whether somebody waits for what is encrypted. */
  #isWanted = true;
  /** Whether `node:tls` has room. */
  #isAsked = false;
  #isReading = false;

  /**
   * Encrypts a connection.
   *
   * @param received what was read from it already
   */
  constructor(stream: ByteStream, received: Uint8Array = new Uint8Array()) {
    super({ allowHalfOpen: true, readableHighWaterMark: 1 });
    this.#stream = stream;
    if (received.length > 0) this.push(received);
  }

  /** Reads until it is told to stop. As long as nobody wants more than a little, no more is read at once. */
  want(bytes: number): void {
    this.#mayReadMuch = bytes > LITTLE_BYTES;
    this.#isWanted = true;
    this.#pump();
  }

  /** Reads no more; what is being read still comes. */
  stop(): void {
    this.#isWanted = false;
  }

  override _read(): void {
    this.#isAsked = true;
    this.#pump();
  }

  override _write(
    chunk: Uint8Array,
    _encoding: string,
    done: (error?: Error | null) => void,
  ): void {
    this.#writeAll(chunk).then(() => done(), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#stream.closeWrite().then(() => done(), done);
  }

  override _destroy(
    error: Error | null,
    done: (error?: Error | null) => void,
  ): void {
    this.#stream.close();
    done(error);
  }

  async #writeAll(chunk: Uint8Array) {
    for (let sent = 0; sent < chunk.length;) {
      sent += await this.#stream.write(chunk.subarray(sent));
    }
    release(chunk);
  }

  async #pump() {
    if (!this.#isWanted || !this.#isAsked || this.#isReading) return;
    this.#isReading = true;
    this.#isAsked = false;
    const buffer = this.#buffer;
    try {
      const count = await this.#stream.read(buffer);
      this.#isReading = false;
      if (count === null) {
        this.push(null);
        return;
      }
      this.push(buffer.subarray(0, count));
      this.#chooseBuffer(count === buffer.length);
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** The buffer for the next read: it may be the last one, when all of that was decrypted at once. */
  #chooseBuffer(wasFull: boolean) {
    const bytes = wasFull && this.#mayReadMuch ? MUCH_BYTES : LITTLE_BYTES;
    const isTaken = this.readableLength === 0;
    if (isTaken && this.#buffer.length === bytes) return;
    if (isTaken) release(this.#buffer);
    this.#buffer = new Uint8Array(bytes);
  }
}

/**
 * Frees the memory of bytes that nobody needs any more, at once. What comes out of `node:tls` weighs nothing for V8, which
 * would let hundreds of megabytes of it wait to be collected.
 */
export function release(bytes: Uint8Array): void {
  const { buffer } = bytes;
  // A small one may be a part of what others use, too.
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength < LITTLE_BYTES) {
    return;
  }
  if (buffer.byteLength === bytes.byteLength) buffer.transfer(0);
}
