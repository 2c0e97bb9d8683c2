import type { Socket } from "node:net";
import type { ByteStream } from "../../core/ports/streams.ts";
import { release } from "./ciphertext.ts";

/** What is written at once, in bytes: two records of TLS (RFC 8446, 5.1), which takes less work than one or four. */
const WRITTEN_BYTES = 32_768;

/** The connection was closed, by whichever side. */
export class ConnectionClosed extends Error {}

/** What a socket reads from, and how much. */
export interface Pace {
  /** Lets something come: somebody waits for it, with room for so many bytes. */
  want(bytes: number): void;
  /** Lets nothing come any more. */
  stop(): void;
}

/** The pace of a socket without TLS: Deno's `node:net` does pause. */
export function plainPace(socket: Socket): Pace {
  return {
    want: () => void socket.resume(),
    stop: () => void socket.pause(),
  };
}

/** A connected socket of Node's as a stream. Its reader sets the pace: nothing comes while nobody waits for it. */
export class NodeStream implements ByteStream {
  readonly #socket: Socket;
  readonly #pace: Pace;
  readonly #received: Uint8Array[] = [];
  /** How much of the first has been taken. */
  #taken = 0;
  #hasEnded = false;
  #error: Error | undefined;
  #wakeReader = () => {};
  #failWriter: (error: Error) => void = () => {};

  /** Takes a socket over that nobody has read from. */
  constructor(socket: Socket, pace: Pace) {
    this.#socket = socket;
    this.#pace = pace;
    socket.on("data", (chunk) => {
      this.#received.push(chunk);
      pace.stop();
      this.#wakeReader();
    });
    socket.once("end", () => {
      pace.stop();
      this.#end();
    });
    // Stays: an "error" that nobody listens for would end the process.
    socket.on("error", (error) => this.#error ??= error);
    socket.once("close", () => {
      this.#end();
      this.#failWriter(this.#broken());
    });
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    let [chunk] = this.#received;
    while (chunk === undefined) {
      if (this.#error !== undefined) throw this.#error;
      if (this.#hasEnded) return null;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wakeReader = resolve;
      this.#pace.want(buffer.length);
      await promise;
      [chunk] = this.#received;
    }
    const count = Math.min(chunk.length - this.#taken, buffer.length);
    buffer.set(chunk.subarray(this.#taken, this.#taken + count));
    this.#taken += count;
    if (this.#taken === chunk.length) {
      this.#received.shift();
      this.#taken = 0;
      release(chunk);
    }
    return count;
  }

  async write(bytes: Uint8Array): Promise<number> {
    const piece = bytes.subarray(0, WRITTEN_BYTES);
    await this.#whenSent((done) => this.#socket.write(piece, done));
    return piece.length;
  }

  async closeWrite(): Promise<void> {
    await this.#whenSent((done) => this.#socket.end(done));
  }

  close(): void {
    this.#socket.destroy();
  }

  /** What it reads from has ended: without an end of its own before that, the connection is broken. */
  endBeneath(): void {
    if (!this.#hasEnded) this.#socket.destroy();
  }

  #end() {
    this.#hasEnded = true;
    this.#wakeReader();
  }

  #broken(): Error {
    return this.#error ?? new ConnectionClosed("Connection closed");
  }

  async #whenSent(send: (done: (error?: Error | null) => void) => void) {
    if (this.#socket.destroyed) throw this.#broken();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#failWriter = reject;
    send((error) => error ? reject(error) : resolve());
    await promise;
  }
}
