const encoder = new TextEncoder();

/** Joins bytes. */
export function concat(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Four bytes, the highest first. */
export function uint32(value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** Bytes of a text. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** A start-up packet of this protocol code and body. */
export function packet(code: number, body: Uint8Array = new Uint8Array()) {
  return concat(uint32(8 + body.length), uint32(code), body);
}

/** A message of this type and body. */
export function message(type: string, body: Uint8Array) {
  return concat(bytesOf(type), uint32(4 + body.length), body);
}

/** A `PasswordMessage`. */
export function passwordMessage(password: string) {
  return message("p", bytesOf(`${password}\0`));
}

/** A start-up packet of protocol 3.0 with these parameters. */
export function startup(parameters: Record<string, string>) {
  const pairs = Object.entries(parameters).map(([n, v]) => `${n}\0${v}\0`);
  return packet(0x30000, bytesOf(`${pairs.join("")}\0`));
}

/** The request for TLS. */
export const SSL_REQUEST = packet(80877103);

/** The request for GSSAPI encryption. */
export const GSSENC_REQUEST = packet(80877104);

/** A request to cancel a query. */
export const CANCEL_REQUEST = packet(80877102, concat(uint32(42), uint32(7)));
