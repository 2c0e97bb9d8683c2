import type { Message } from "./packet_buffer.ts";

/** A refusal as PostgreSQL words it. */
export interface Refusal {
  /** SQLSTATE. */
  code: string;
  /** The message. */
  message: string;
}

/** `AuthenticationCleartextPassword`: asks for the password as it is; sent within TLS alone. */
export function authenticationCleartextPassword(): Uint8Array {
  return message("R", Uint8Array.of(0, 0, 0, 3));
}

/** `ErrorResponse` that ends the session (PostgreSQL manual, "Error and Notice Message Fields"). */
export function fatalError({ code, message: text }: Refusal): Uint8Array {
  const fields = [["S", "FATAL"], ["V", "FATAL"], ["C", code], ["M", text]];
  const body = fields.map(([type, value]) => `${type}${value}\0`).join("");
  return message("E", new TextEncoder().encode(`${body}\0`));
}

/**
 * The password in a `PasswordMessage`.
 *
 * @throws {SyntaxError} when the message is another, or malformed
 */
export function decodePassword({ type, body }: Message): string {
  if (type !== "p") {
    throw new SyntaxError(
      `Cannot read password: message ${JSON.stringify(type)} came instead`,
    );
  }
  if (body.length === 0 || body.indexOf(0) !== body.length - 1) {
    throw new SyntaxError("Cannot read password: it does not end with NUL");
  }
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(
    body.subarray(0, -1),
  );
}

function message(type: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(5 + body.length);
  bytes[0] = type.charCodeAt(0);
  new DataView(bytes.buffer).setUint32(1, 4 + body.length);
  bytes.set(body, 5);
  return bytes;
}
