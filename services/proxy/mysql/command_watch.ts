import { CHANGE_USER } from "../../../core/mysqlwire/change_user.ts";
import { HEADER_BYTES } from "../../../core/mysqlwire/packet.ts";
import type { ByteStream } from "../../../core/ports/streams.ts";
import { concatBytes } from "../../../core/text/bytes.ts";
import type { Connection } from "../../connection/connection.ts";
import { type PacketSource, PacketStream } from "./packet_stream.ts";

/** Both sides of a session while nothing is relayed: client and database by their packets. */
export interface Exchange {
  client: PacketStream<PacketSource>;
  upstream: PacketStream<PacketSource>;
}

/** Changes users, the command being the client's first packet; says whether the session goes on. */
export type ChangeUserHandler = (exchange: Exchange) => Promise<boolean>;

/** A whole command, but for what may follow in other packets: its header and the byte that says which it is. */
const BEGINNING_BYTES = HEADER_BYTES + 1;

/**
 * The client's side of a session that is relayed, in which a change of users is answered here: the database would be told
 * a password that is the proxy's. The headers of the client's packets are followed; all else goes by as it is.
 */
export class CommandWatch implements ByteStream {
  readonly #client: Connection;
  readonly #upstream: Connection;
  readonly #changeUser: ChangeUserHandler | undefined;
  /** What has come from the client and is not yet handed on. */
  #pending: Uint8Array;
  /** How much of the current packet's body is still to come. */
  #bodyLeft = 0;
  /** The number of the packet that the client waits for, while nothing of its answer has come. */
  #awaited: number | undefined;
  /** Takes what the database says in place of the client, while users are changed. */
  #diverted: ByteStream["write"] | undefined;

  /**
   * Watches a session.
   *
   * @param changeUser changes users; without one, all goes by
   * @param pending what was read from the client before
   */
  constructor(
    client: Connection,
    upstream: Connection,
    changeUser: ChangeUserHandler | undefined,
    pending: Uint8Array,
  ) {
    this.#client = client;
    this.#upstream = upstream;
    this.#changeUser = changeUser;
    this.#pending = pending;
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    while (true) {
      // Without a function of its own for reading: it would add to the work of every command.
      const count = this.#pending.length > 0
        ? this.#takePending(buffer)
        : await this.#client.stream.read(buffer);
      if (count === null) return null;
      const handle = this.#changeUser;
      if (handle === undefined) return count;
      const passed = this.#scan(buffer.subarray(0, count));
      if (passed > 0) return passed;
      // It begins with a command of which it is not yet known which, or with a change of users.
      if (this.#pending.length < BEGINNING_BYTES) {
        const more = await this.#client.read();
        if (more === undefined) return null;
        this.#pending = concatBytes(this.#pending, more);
      } else if (!await this.#exchange(handle)) return null;
    }
  }

  write(bytes: Uint8Array): Promise<number> {
    this.#awaited = undefined;
    return this.#diverted?.(bytes) ?? this.#client.stream.write(bytes);
  }

  /** The number of the packet that the client waits for; `undefined` in the middle of an answer, after it, and where packets are not followed. */
  get awaited(): number | undefined {
    return this.#awaited;
  }

  closeWrite(): Promise<void> {
    return this.#client.stream.closeWrite();
  }

  close(): void {
    this.#client.close();
  }

  #takePending(buffer: Uint8Array): number {
    const waiting = this.#pending.subarray(0, buffer.length);
    buffer.set(waiting);
    this.#pending = this.#pending.subarray(waiting.length);
    return waiting.length;
  }

  /** How many of the bytes may go by; the others are pending again. */
  #scan(bytes: Uint8Array): number {
    let at = 0;
    while (at < bytes.length) {
      if (this.#bodyLeft > 0) {
        const part = Math.min(this.#bodyLeft, bytes.length - at);
        this.#bodyLeft -= part;
        at += part;
        continue;
      }
      const length = (bytes[at] ?? 0) | (bytes[at + 1] ?? 0) << 8 |
        (bytes[at + 2] ?? 0) << 16;
      const sequence = bytes[at + 3];
      const command = bytes[at + HEADER_BYTES];
      const isWhole = bytes.length - at >= HEADER_BYTES +
          Math.min(length, 1);
      if (!isWhole || sequence === 0 && length > 0 && command === CHANGE_USER) {
        break;
      }
      at += HEADER_BYTES;
      this.#bodyLeft = length;
      this.#awaited = ((sequence ?? 0) + 1) & 0xff;
    }
    if (at < bytes.length) {
      this.#pending = concatBytes(bytes.subarray(at), this.#pending);
    }
    return at;
  }

  async #exchange(handle: ChangeUserHandler): Promise<boolean> {
    const answers: Uint8Array[] = [];
    let wake = () => {};
    const taken = { resolve() {} };
    // The database is not read on for an answer that nobody has taken: what it goes on saying is no answer.
    this.#diverted = async (bytes) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      taken.resolve = resolve;
      answers.push(bytes.slice()); // the relay uses its buffer again
      wake();
      await promise;
      return bytes.length;
    };
    const client = new PacketStream<PacketSource>({
      read: async () => {
        const pending = this.#pending;
        this.#pending = new Uint8Array();
        return pending.length > 0 ? pending : await this.#client.read();
      },
      write: (bytes) => this.#client.write(bytes),
    });
    const upstream = new PacketStream<PacketSource>({
      async read() {
        while (answers.length === 0) {
          const { promise, resolve } = Promise.withResolvers<void>();
          wake = resolve;
          await promise;
        }
        taken.resolve();
        return answers.shift();
      },
      write: (bytes) => this.#upstream.write(bytes),
    });
    try {
      return await handle({ client, upstream });
    } finally {
      this.#pending = concatBytes(client.takeRest(), this.#pending);
      this.#diverted = undefined;
      taken.resolve();
    }
  }
}
