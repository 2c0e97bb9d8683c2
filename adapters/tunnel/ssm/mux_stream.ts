import type { ByteStream } from "../../../core/ports/streams.ts";

/** What a stream does on the session that it is part of. */
export interface MuxWire {
  /** Sends bytes of the stream; resolves once the session has taken them. */
  send(bytes: Uint8Array): Promise<void>;
  /** Sends its end. */
  sendEnd(): Promise<void>;
  /** Hears that so many bytes were read. */
  consumed(count: number): void;
}

/** One of the streams that share a session. */
export class MuxStream implements ByteStream {
  readonly #wire: MuxWire;
  readonly #received: Uint8Array[] = [];
  #hasEnded = false;
  #hasSentEnd = false;
  #error: unknown;
  #wake: (() => void) | undefined;
  /** Whether anything came. */
  hasCarried = false;

  constructor(wire: MuxWire) {
    this.#wire = wire;
  }

  /** Takes bytes that came for it. */
  push(bytes: Uint8Array): void {
    this.hasCarried = true;
    if (this.#hasEnded) return this.#wire.consumed(bytes.length);
    this.#received.push(bytes);
    this.#wake?.();
  }

  /** Takes its end; with an error where the session is lost. */
  end(error?: unknown): void {
    this.#hasEnded = true;
    this.#error ??= error;
    this.#wake?.();
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    while (this.#received.length === 0) {
      if (this.#error !== undefined) throw this.#error;
      if (this.#hasEnded) return null;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
    const [first = new Uint8Array()] = this.#received;
    const count = Math.min(first.length, buffer.length);
    buffer.set(first.subarray(0, count));
    if (count === first.length) this.#received.shift();
    else this.#received[0] = first.subarray(count);
    this.#wire.consumed(count);
    return count;
  }

  async write(bytes: Uint8Array): Promise<number> {
    if (this.#error !== undefined) throw this.#error;
    if (this.#hasSentEnd) throw new Deno.errors.BrokenPipe("The stream ended");
    await this.#wire.send(bytes);
    return bytes.length;
  }

  async closeWrite(): Promise<void> {
    if (this.#hasSentEnd) return;
    this.#hasSentEnd = true;
    if (this.#error === undefined) await this.#wire.sendEnd();
  }

  close(): void {
    this.closeWrite().catch(() => {}); // the session is lost, then
    for (const bytes of this.#received.splice(0)) {
      this.#wire.consumed(bytes.length);
    }
    this.end();
  }
}
