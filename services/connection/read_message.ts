import type { Message } from "../../core/pgwire/message.ts";
import type { PacketBuffer } from "../../core/pgwire/packet_buffer.ts";
import type { ByteStream } from "../../core/ports/streams.ts";

/**
 * The next message of a login.
 *
 * @param buffer what was read before and not yet taken
 * @returns `undefined` when the other side left
 * @throws {SyntaxError} when its length is out of bounds
 */
export async function readMessage(
  stream: ByteStream,
  buffer: PacketBuffer,
): Promise<Message | undefined> {
  while (true) {
    const message = buffer.takeMessage();
    if (message !== undefined) return message;
    const chunk = await stream.read();
    if (chunk === undefined) return undefined;
    buffer.push(chunk);
  }
}
