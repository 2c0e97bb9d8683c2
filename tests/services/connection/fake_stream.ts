import type { ByteStream } from "../../../core/ports/streams.ts";
import { settle } from "../../fakes.ts";

/** A connection whose other side is the test. */
export class FakeStream implements ByteStream {
  /** What was written to it. */
  readonly written: Uint8Array[] = [];
  /** How much the read that is under way has room for. */
  room = 0;
  /** Whether writing takes for ever. */
  isStuck = false;
  failWrites = false;
  /** Whether it was told that nothing more comes. */
  hasEnded = false;
  closes = 0;
  readonly #most: number;
  readonly #coming: Uint8Array[] = [];
  #ending: "end" | "break" | undefined;
  #wake: () => void = () => {};
  #isWaiting = false;

  /** @param most how much it takes at once */
  constructor(most = Infinity) {
    this.#most = most;
  }

  come(...chunks: Uint8Array[]): void {
    this.#coming.push(...chunks.map((chunk) => chunk.slice()));
    this.#wake();
  }

  end(): void {
    this.#ending = "end";
    this.#wake();
  }

  break(): void {
    this.#ending = "break";
    this.#wake();
  }

  /** Resolves when all that has come was read and written, and the next read has begun. */
  async drained(): Promise<void> {
    while (this.#coming.length > 0 || !this.#isWaiting) await settle();
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    this.room = buffer.length;
    while (this.#coming.length === 0) {
      if (this.#ending === "end") return null;
      if (this.#ending === "break") throw new Error("Connection reset");
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      this.#isWaiting = true;
      await promise;
      this.#isWaiting = false;
    }
    const [chunk = new Uint8Array()] = this.#coming;
    const length = Math.min(chunk.length, buffer.length);
    buffer.set(chunk.subarray(0, length));
    if (length === chunk.length) this.#coming.shift();
    else this.#coming[0] = chunk.subarray(length);
    return length;
  }

  write(bytes: Uint8Array): Promise<number> {
    if (this.failWrites) return Promise.reject(new Error("Broken pipe"));
    if (this.isStuck) return new Promise(() => {});
    const length = Math.min(bytes.length, this.#most);
    this.written.push(bytes.slice(0, length));
    return Promise.resolve(length);
  }

  closeWrite(): Promise<void> {
    this.hasEnded = true;
    return Promise.resolve();
  }

  close(): void {
    this.closes++;
  }
}
