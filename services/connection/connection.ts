import type { AcceptedStream, ByteStream } from "../../core/ports/streams.ts";
import type { Message, PacketBuffer } from "../../core/pgwire/packet_buffer.ts";

/** A login's messages are short; a token is one of the longest. */
const CHUNK_BYTES = 4096;

/**
 * A connection while messages are read from it. It may go over to TLS. A broken one counts as ended, and what it cannot take
 * is dropped: reading tells.
 */
export class Connection {
  /** Where it was accepted from. */
  readonly remoteHost: string;
  readonly #accepted: Partial<AcceptedStream>;
  #stream: ByteStream;
  #isClosed = false;

  /** Takes a connection over. */
  constructor(
    accepted: Pick<AcceptedStream, "stream"> & Partial<AcceptedStream>,
  ) {
    this.#accepted = accepted;
    this.#stream = accepted.stream;
    this.remoteHost = accepted.remoteHost ?? "";
  }

  /** The connection itself; within TLS, once that has begun. */
  get stream(): ByteStream {
    return this.#stream;
  }

  /** Whether TLS is on offer. */
  get hasTls(): boolean {
    return this.#accepted.startTls !== undefined;
  }

  /** The next bytes, a few thousand at most, or `undefined` at the end. */
  async read(): Promise<Uint8Array | undefined> {
    const buffer = new Uint8Array(CHUNK_BYTES);
    const count = await this.#readInto(buffer);
    return count === null ? undefined : buffer.subarray(0, count);
  }

  /** Reads up to so many bytes, until the other side ends, and forgets them. */
  async discard(limitBytes: number): Promise<void> {
    const buffer = new Uint8Array(CHUNK_BYTES);
    for (let left = limitBytes; left > 0;) {
      const count = await this.#readInto(buffer);
      if (count === null) return;
      left -= count;
    }
  }

  /** Writes all of the bytes, and waits while the other side is slow. */
  async write(bytes: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < bytes.length;) {
        done += await this.#stream.write(bytes.subarray(done));
      }
    } catch {
      // Reading tells that the connection is broken.
    }
  }

  /**
   * Goes on in TLS, as its server.
   *
   * @param received bytes that were read already and belong to the handshake
   * @returns the protocol that was agreed on by ALPN
   * @throws {Error} when the handshake fails, or TLS is not on offer
   */
  async startTls(received: Uint8Array): Promise<string | undefined> {
    if (this.#accepted.startTls === undefined) {
      throw new Error("TLS is not offered");
    }
    const { stream, alpn } = await this.#accepted.startTls(received);
    this.#stream = stream;
    // It may have been closed while the handshake went on.
    if (this.#isClosed) stream.close();
    return alpn;
  }

  /** Sends what was written, and then the end. */
  async closeWrite(): Promise<void> {
    try {
      await this.#stream.closeWrite();
    } catch {
      // Reading tells that the connection is broken.
    }
  }

  /** Ends the connection both ways, at once. */
  close(): void {
    this.#isClosed = true;
    this.#stream.close();
  }

  async #readInto(buffer: Uint8Array): Promise<number | null> {
    try {
      return await this.#stream.read(buffer);
    } catch {
      return null;
    }
  }
}

/**
 * The next message of a login.
 *
 * @param buffer what was read before and not yet taken
 * @param maxBytes how long it may be, its length included
 * @returns `undefined` when the other side left
 * @throws {SyntaxError} when its length is out of bounds
 */
export async function readMessage(
  connection: Pick<Connection, "read">,
  buffer: PacketBuffer,
  maxBytes?: number,
): Promise<Message | undefined> {
  while (true) {
    const message = buffer.takeMessage(maxBytes);
    if (message !== undefined) return message;
    const chunk = await connection.read();
    if (chunk === undefined) return undefined;
    buffer.push(chunk);
  }
}
