import {
  encodePacket,
  LoginPackets,
  type Packet,
} from "../../../core/mysqlwire/packet.ts";
import type { Connection } from "../../connection/connection.ts";

/** What packets are read from and written to. */
export interface PacketSource {
  /** The next bytes, or `undefined` at the end. */
  read(): Promise<Uint8Array | undefined>;
  /** Writes all of the bytes; what a broken connection cannot take is dropped. */
  write(bytes: Uint8Array): Promise<void>;
}

/** The packets of a login over a connection: numbered on from what the other side sent last. */
export class PacketStream<Source extends PacketSource = Connection> {
  /** The connection, which may go over to TLS. */
  readonly connection: Source;
  readonly #packets = new LoginPackets();
  #sequence = 0;

  /** Begins with packet 0, whoever sends it. */
  constructor(connection: Source) {
    this.connection = connection;
  }

  /**
   * The body of the next packet; `undefined` when the other side left.
   *
   * @throws {SyntaxError} when it breaks the protocol
   */
  async read(): Promise<Uint8Array | undefined> {
    while (true) {
      const packet: Packet | undefined = this.#packets.take();
      if (packet !== undefined) {
        this.#sequence = packet.sequence + 1;
        return packet.body;
      }
      const chunk = await this.connection.read();
      if (chunk === undefined) return undefined;
      this.#packets.push(chunk);
    }
  }

  /** Writes packets at once. */
  async write(...bodies: readonly Uint8Array[]): Promise<void> {
    await this.connection.write(this.frame(...bodies));
  }

  /** Packets as they go over the wire next. */
  frame(...bodies: readonly Uint8Array[]): Uint8Array {
    const packets = bodies.map((body) => encodePacket(this.#sequence++, body));
    return packets.length === 1 && packets[0] !== undefined
      ? packets[0]
      : Uint8Array.from(packets.flatMap((packet) => [...packet]));
  }

  /** Gives up what was read beyond the packets. */
  takeRest(): Uint8Array {
    return this.#packets.takeRest();
  }
}
