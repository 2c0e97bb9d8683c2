import { PacketBuffer } from "../../core/pgwire/packet_buffer.ts";
import { decodeStartupPacket } from "../../core/pgwire/startup_packet.ts";
import type { AcceptedStream, ByteStream } from "../../core/ports/streams.ts";

/** The first byte of a TLS handshake record: a client that starts with TLS directly. */
const TLS_HANDSHAKE = 0x16;

/** The protocol that such a client must agree on (PostgreSQL manual, "SSL Session Encryption"). */
export const DIRECT_TLS_PROTOCOL = "postgresql";

/** What a client wants, once encryption is settled. */
export interface Opening {
  /** The connection to go on with. */
  stream: ByteStream;
  /** What was read from it beyond the packet. */
  buffer: PacketBuffer;
  /** Whether it is within TLS. */
  isEncrypted: boolean;
  /** The start-up packet or cancel request as it came. */
  packet: Uint8Array;
  /** The parameters of the start-up packet; `undefined` for a cancel request. */
  parameters: ReadonlyMap<string, string> | undefined;
  /** The minor version of protocol 3 that the client asks for; 0 for a cancel request. */
  minor: number;
}

/** What a server grants. */
export interface NegotiationOptions {
  /** Whether there is TLS for who asks for it; without it the request is declined. */
  hasTls: boolean;
}

/**
 * Answers requests for encryption until the client says what it wants: TLS is granted, by request or directly, or
 * declined where there is none; GSSAPI is declined.
 *
 * @param secured hears of the connection within TLS, as soon as there is one
 * @returns `undefined` when the client left
 * @throws {SyntaxError} when the client breaks the protocol
 */
export async function negotiate(
  accepted: AcceptedStream,
  secured: (stream: ByteStream) => void,
  { hasTls }: NegotiationOptions = { hasTls: true },
): Promise<Opening | undefined> {
  let stream: ByteStream = accepted;
  let isEncrypted = false;
  const buffer = new PacketBuffer();
  async function startTls() {
    const { stream: secure, alpn } = await accepted.startTls(buffer.takeRest());
    stream = secure;
    secured(stream);
    isEncrypted = true;
    return alpn;
  }

  const first = await accepted.read();
  if (first === undefined) return undefined;
  buffer.push(first);
  if (buffer.peek() === TLS_HANDSHAKE) {
    if (!hasTls) throw new SyntaxError("Cannot go on: TLS is not offered");
    if (await startTls() !== DIRECT_TLS_PROTOCOL) {
      throw new SyntaxError("Cannot go on: direct TLS without ALPN postgresql");
    }
  }
  while (true) {
    const packet = buffer.takeStartupPacket();
    if (packet === undefined) {
      const chunk = await stream.read();
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
        await stream.write(new TextEncoder().encode(hasTls ? "S" : "N"));
        if (hasTls) await startTls();
        break;
      case "gssenc-request":
        await stream.write(new TextEncoder().encode("N"));
        break;
      case "cancel-request":
        return {
          ...{ stream, buffer, isEncrypted, packet },
          parameters: undefined,
          minor: 0,
        };
      case "startup": {
        const { parameters, minor } = decoded;
        return { stream, buffer, isEncrypted, packet, parameters, minor };
      }
    }
  }
}
