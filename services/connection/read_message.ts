import type { Message } from "../../core/pgwire/message.ts";
import type { PacketBuffer } from "../../core/pgwire/packet_buffer.ts";
import type { Connection } from "./connection.ts";

/**
 * The next message of a login.
 *
 * @param buffer what was read before and not yet taken
 * @returns `undefined` when the other side left
 * @throws {SyntaxError} when its length is out of bounds
 */
export async function readMessage(
  connection: Pick<Connection, "read">,
  buffer: PacketBuffer,
): Promise<Message | undefined> {
  while (true) {
    const message = buffer.takeMessage();
    if (message !== undefined) return message;
    const chunk = await connection.read();
    if (chunk === undefined) return undefined;
    buffer.push(chunk);
  }
}
