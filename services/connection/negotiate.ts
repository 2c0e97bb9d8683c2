import { NotPostgres, PacketBuffer } from "../../core/pgwire/packet_buffer.ts";
import { decodeStartupPacket } from "../../core/pgwire/startup_packet.ts";
import type { Connection } from "./connection.ts";

/** The first byte of a TLS handshake record: a client that starts with TLS directly. */
const TLS_HANDSHAKE = 0x16;

/** The protocol that such a client must agree on (PostgreSQL manual, "SSL Session Encryption"). */
export const DIRECT_TLS_PROTOCOL = "postgresql";

/** What a client wants, once encryption is settled. */
export interface Opening {
  /** What was read beyond the packet. */
  buffer: PacketBuffer;
  /** Whether the connection is within TLS. */
  isEncrypted: boolean;
  /** The start-up packet or cancel request as it came. */
  packet: Uint8Array;
  /** The parameters of the start-up packet; `undefined` for a cancel request. */
  parameters: ReadonlyMap<string, string> | undefined;
  /** The minor version of protocol 3 that the client asks for; 0 for a cancel request. */
  minor: number;
}

/**
 * Answers requests for encryption until the client says what it wants: TLS is granted where the connection offers it, by
 * request or directly, else declined; GSSAPI is declined.
 *
 * @returns `undefined` when the client left
 * @throws {NotPostgres} when the client speaks something else
 * @throws {SyntaxError} when the client breaks the protocol
 */
export async function negotiate(
  client: Connection,
): Promise<Opening | undefined> {
  const { hasTls } = client;
  let isEncrypted = false;
  const buffer = new PacketBuffer();
  async function startTls() {
    const alpn = await client.startTls(buffer.takeRest());
    isEncrypted = true;
    return alpn;
  }

  const first = await client.read();
  if (first === undefined) return undefined;
  buffer.push(first);
  if (buffer.peek() === TLS_HANDSHAKE) {
    if (!hasTls) throw new NotPostgres("Cannot go on: TLS is not offered");
    if (await startTls() !== DIRECT_TLS_PROTOCOL) {
      throw new SyntaxError("Cannot go on: direct TLS without ALPN postgresql");
    }
  }
  while (true) {
    const packet = buffer.takeStartupPacket();
    if (packet === undefined) {
      const chunk = await client.read();
      if (chunk === undefined) return undefined;
      buffer.push(chunk);
      continue;
    }
    const decoded = decodeStartupPacket(packet);
    switch (decoded.kind) {
      case "ssl-request":
        if (isEncrypted) throw new SyntaxError("Cannot go on: TLS within TLS");
        // Bytes sent before the handshake would pass as sent within it (CVE-2021-23214).
        if (buffer.peek() !== undefined) {
          throw new SyntaxError("Cannot go on: bytes came before TLS began");
        }
        await client.write(new TextEncoder().encode(hasTls ? "S" : "N"));
        if (hasTls) await startTls();
        break;
      case "gssenc-request":
        await client.write(new TextEncoder().encode("N"));
        break;
      case "cancel-request":
        return {
          ...{ buffer, isEncrypted, packet },
          parameters: undefined,
          minor: 0,
        };
      case "startup": {
        const { parameters, minor } = decoded;
        return { buffer, isEncrypted, packet, parameters, minor };
      }
    }
  }
}
