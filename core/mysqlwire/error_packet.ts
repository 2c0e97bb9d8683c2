import { concatBytes } from "../text/bytes.ts";
import { BodyReader, integer } from "./bytes.ts";

/** What a server refuses something with. */
export interface ErrorPacket {
  /** The server's number of the error: 1045. */
  code: number;
  /** The SQLSTATE: `28000`. */
  sqlState: string;
  message: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Writes an error (MySQL source documentation, "Protocol::ERR_Packet").
 *
 * @param isFirst whether it stands in the place of a greeting, where no SQLSTATE is read yet
 */
export function encodeError(
  { code, sqlState, message }: ErrorPacket,
  isFirst = false,
): Uint8Array {
  return concatBytes(
    Uint8Array.of(0xff),
    integer(code, 2),
    encoder.encode(`${isFirst ? "" : `#${sqlState}`}${message}`),
  );
}

/**
 * Reads an error.
 *
 * @throws {SyntaxError} when it is none
 */
export function decodeError(body: Uint8Array): ErrorPacket {
  const reader = new BodyReader(body);
  if (reader.integer(1) !== 0xff) throw new SyntaxError("Not an error packet");
  const code = reader.integer(2);
  const text = decoder.decode(reader.rest());
  const [, sqlState = "HY000", message = ""] =
    /^(?:#([0-9A-Za-z]{5}))?(.*)$/s.exec(text) ?? [];
  return { code, sqlState, message };
}
