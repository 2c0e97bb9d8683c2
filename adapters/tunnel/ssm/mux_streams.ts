import { Smux } from "../../../core/tunnel/ssm/smux.ts";
import { MuxStream } from "./mux_stream.ts";

/** How much may wait for its readers before nothing more is to be taken in, in bytes. */
const MOST_UNREAD = 4 * 1024 * 1024;

/** The streams that share a session, and what of them waits to be read. */
export class MuxStreams {
  readonly #smux = new Smux();
  readonly #streams = new Map<number, MuxStream>();
  readonly #send: (bytes: Uint8Array) => Promise<void>;
  #unread = 0;
  #drained: (() => void) | undefined;

  /**
   * Makes a session without streams.
   *
   * @param send sends bytes of the session, in the order of the calls
   */
  constructor(send: (bytes: Uint8Array) => Promise<void>) {
    this.#send = send;
  }

  /** Opens a stream. */
  async open(): Promise<MuxStream> {
    const { stream, bytes } = this.#smux.open();
    const opened = new MuxStream({
      send: async (bytes) => {
        for (const frame of this.#smux.write(stream, bytes)) {
          await this.#send(frame);
        }
      },
      sendEnd: () => this.#send(this.#smux.close(stream)),
      consumed: (count) => this.#consumed(count),
    });
    this.#streams.set(stream, opened);
    await this.#send(bytes);
    return opened;
  }

  /**
   * Takes bytes of the session.
   *
   * @throws {SyntaxError} when they are not what streams are made of
   */
  receive(bytes: Uint8Array): void {
    for (const part of this.#smux.receive(bytes)) {
      const stream = this.#streams.get(part.stream);
      if (part.kind === "end") {
        stream?.end();
        this.#streams.delete(part.stream);
      } else if (stream !== undefined) {
        this.#unread += part.bytes.length;
        stream.push(part.bytes);
      }
    }
  }

  /** Resolves once little enough waits to be read. */
  async untilRead(): Promise<void> {
    if (this.#unread <= MOST_UNREAD) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#drained = resolve;
    await promise;
  }

  /** Ends all streams. */
  end(error: unknown): void {
    this.#drained?.();
    for (const stream of this.#streams.values()) stream.end(error);
    this.#streams.clear();
  }

  #consumed(count: number) {
    this.#unread -= count;
    if (this.#unread <= MOST_UNREAD) this.#drained?.();
  }
}
