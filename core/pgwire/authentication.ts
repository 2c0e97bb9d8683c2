import { concatBytes } from "../text/bytes.ts";
import { encodeMessage, type Message } from "./packet_buffer.ts";

/** What a server may want before a login (PostgreSQL manual, "Message Formats", `Authentication…`). */
export type AuthenticationRequest =
  | { kind: "ok" }
  | { kind: "cleartext-password" }
  /** A way that rdsiam does not go; `name` is for people. */
  | { kind: "other"; name: string };

const OK = 0;
const CLEARTEXT_PASSWORD = 3;
const SASL = 10;
const SASL_CONTINUE = 11;
const SASL_FINAL = 12;

/** Names of the other requests, from src/include/libpq/protocol.h. */
const NAMES: Readonly<Record<number, string>> = {
  2: "Kerberos",
  5: "an MD5 password",
  7: "GSSAPI",
  9: "SSPI",
  [SASL]: "a SCRAM password",
};

/**
 * Reads an `Authentication…` message.
 *
 * @param body of a message of type `R`
 * @throws {SyntaxError} when it is too short
 */
export function decodeAuthentication(body: Uint8Array): AuthenticationRequest {
  if (body.length < 4) {
    throw new SyntaxError("Cannot read authentication request: too short");
  }
  const code = new DataView(body.buffer, body.byteOffset).getUint32(0);
  switch (code) {
    case OK:
      return { kind: "ok" };
    case CLEARTEXT_PASSWORD:
      return { kind: "cleartext-password" };
    default:
      return { kind: "other", name: NAMES[code] ?? `method ${code}` };
  }
}

/** `AuthenticationCleartextPassword`: asks for the password as it is; sent within TLS alone. */
export function authenticationCleartextPassword(): Uint8Array {
  return authentication(CLEARTEXT_PASSWORD, "");
}

/** `AuthenticationSASL`: offers these mechanisms. */
export function authenticationSasl(mechanisms: readonly string[]): Uint8Array {
  const names = mechanisms.map((name) => `${name}\0`).join("");
  return authentication(SASL, `${names}\0`);
}

/** `AuthenticationSASLContinue`: a step of the mechanism. */
export function authenticationSaslContinue(data: string): Uint8Array {
  return authentication(SASL_CONTINUE, data);
}

/** `AuthenticationSASLFinal`: the mechanism's last word. */
export function authenticationSaslFinal(data: string): Uint8Array {
  return authentication(SASL_FINAL, data);
}

/** A `PasswordMessage`. */
export function encodePassword(password: string): Uint8Array {
  return encodeMessage({ type: "p", body: utf8(`${password}\0`) });
}

/**
 * The password in a `PasswordMessage`.
 *
 * @throws {SyntaxError} when the message is another, or malformed
 */
export function decodePassword(message: Message): string {
  const body = bodyOf(message, "password");
  if (body.length === 0 || body.indexOf(0) !== body.length - 1) {
    throw new SyntaxError("Cannot read password: it does not end with NUL");
  }
  return text(body.subarray(0, -1));
}

/**
 * The mechanism and the first data of a `SASLInitialResponse`.
 *
 * @throws {SyntaxError} when the message is another, or malformed
 */
export function decodeSaslInitialResponse(
  message: Message,
): { mechanism: string; data: string } {
  const body = bodyOf(message, "SASL response");
  const end = body.indexOf(0);
  const start = end + 5;
  if (end < 0 || body.length < start) throw malformedSasl();
  const length = new DataView(body.buffer, body.byteOffset).getInt32(end + 1);
  // -1 stands for no data at all.
  if (Math.max(length, 0) !== body.length - start) throw malformedSasl();
  return {
    mechanism: text(body.subarray(0, end)),
    data: text(body.subarray(start)),
  };
}

/**
 * The data of a `SASLResponse`.
 *
 * @throws {SyntaxError} when the message is another
 */
export function decodeSaslResponse(message: Message): string {
  return text(bodyOf(message, "SASL response"));
}

function bodyOf({ type, body }: Message, what: string): Uint8Array {
  if (type === "p") return body;
  throw new SyntaxError(
    `Cannot read ${what}: message ${JSON.stringify(type)} came instead`,
  );
}

function malformedSasl(): SyntaxError {
  return new SyntaxError("Cannot read SASL response: its lengths are wrong");
}

function authentication(code: number, data: string): Uint8Array {
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, code);
  return encodeMessage({ type: "R", body: concatBytes(head, utf8(data)) });
}

function utf8(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function text(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
