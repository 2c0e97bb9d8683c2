import type {
  AcceptedConn,
  AcceptedStream,
  RawStream,
} from "../../core/ports/streams.ts";

/** A login's messages are short; a token is one of the longest. */
const CHUNK_BYTES = 4096;

/** A raw connection while messages are read from it; it may go over to TLS, and is closed once however often it is told to. */
export class Connection implements AcceptedStream {
  /** Where it was accepted from. */
  readonly remoteHost: string;
  readonly #accepted: Partial<Pick<AcceptedConn, "startTls">>;
  #raw: RawStream;
  #isClosed = false;

  /** Takes a connection over. */
  constructor(
    accepted: Pick<AcceptedConn, "raw"> & Partial<AcceptedConn>,
  ) {
    this.#accepted = accepted;
    this.#raw = accepted.raw;
    this.remoteHost = accepted.remoteHost ?? "";
  }

  /** The connection itself; within TLS, once that has begun. */
  get raw(): RawStream {
    return this.#raw;
  }

  /** Whether TLS is on offer. */
  get hasTls(): boolean {
    return this.#accepted.startTls !== undefined;
  }

  async read(): Promise<Uint8Array | undefined> {
    const buffer = new Uint8Array(CHUNK_BYTES);
    try {
      const count = await this.#raw.read(buffer);
      return count === null ? undefined : buffer.subarray(0, count);
    } catch {
      return undefined;
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      await writeAll(this.#raw, bytes);
    } catch {
      // Reading tells that the connection is broken.
    }
  }

  async startTls(received: Uint8Array) {
    if (this.#accepted.startTls === undefined) {
      throw new Error("TLS is not offered");
    }
    const { raw, alpn } = await this.#accepted.startTls(received);
    this.#raw = raw;
    // It may have been closed while the handshake went on.
    if (this.#isClosed) raw.close();
    return { stream: this, alpn };
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#raw.close();
  }
}

/**
 * Writes all of the bytes.
 *
 * @throws when the connection is broken
 */
export async function writeAll(
  raw: RawStream,
  bytes: Uint8Array,
): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += await raw.write(bytes.subarray(done));
  }
}
