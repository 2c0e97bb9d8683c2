import { encodeMessage } from "./packet_buffer.ts";

/** A refusal as PostgreSQL words it. */
export interface Refusal {
  /** SQLSTATE. */
  code: string;
  /** The message. */
  message: string;
  /** What to do about it. */
  hint?: string | undefined;
}

/** What a server's error says, as far as it matters here. */
export interface ErrorFields {
  /** SQLSTATE; empty when there is none. */
  code: string;
  /** The message; empty when there is none. */
  message: string;
  /** The hint, when there is one. */
  hint: string | undefined;
}

/** `ErrorResponse` that ends the session (PostgreSQL manual, "Error and Notice Message Fields"). */
export function fatalError({ code, message, hint }: Refusal): Uint8Array {
  const fields = [
    ["S", "FATAL"],
    ["V", "FATAL"],
    ["C", code],
    ["M", message],
    ...(hint === undefined ? [] : [["H", hint]]),
  ];
  // A NUL within a text would end it early, and what follows would pass for further fields.
  const body = fields.map(([type, value]) =>
    `${type}${value?.replaceAll("\0", "")}\0`
  );
  return encodeError(new TextEncoder().encode(`${body.join("")}\0`));
}

/**
 * Reads the fields of an `ErrorResponse`.
 *
 * @param body of a message of type `E`
 */
export function decodeErrorFields(body: Uint8Array): ErrorFields {
  const fields = new Map(
    new TextDecoder().decode(body).split("\0")
      .map((field) => [field.slice(0, 1), field.slice(1)]),
  );
  return {
    code: fields.get("C") ?? "",
    message: fields.get("M") ?? "",
    hint: fields.get("H"),
  };
}

/**
 * An `ErrorResponse` as it came, with a hint where it had none: every other byte stays.
 *
 * @param body of a message of type `E`
 */
export function withHint(
  body: Uint8Array,
  hint: string | undefined,
): Uint8Array {
  const isWhole = body.at(-1) === 0 && (body.length === 1 || body.at(-2) === 0);
  if (
    hint === undefined || decodeErrorFields(body).hint !== undefined || !isWhole
  ) return encodeError(body);
  const field = new TextEncoder().encode(`H${hint.replaceAll("\0", "")}\0\0`);
  const extended = new Uint8Array(body.length - 1 + field.length);
  extended.set(body.subarray(0, -1));
  extended.set(field, body.length - 1);
  return encodeError(extended);
}

function encodeError(body: Uint8Array): Uint8Array {
  return encodeMessage({ type: "E", body });
}
