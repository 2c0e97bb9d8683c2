import { concatBytes } from "../text/bytes.ts";
import { BodyReader, zeroEnded } from "./bytes.ts";
import { decodeError, type ErrorPacket } from "./error_packet.ts";

/** The plugin that has a client send its password in clear text, as IAM accounts want it. */
export const CLEAR_PASSWORD = "mysql_clear_password";

/** What a server says while a client logs in. */
export type LoginAnswer =
  | { kind: "ok" }
  | ({ kind: "error" } & ErrorPacket)
  /** The client is to go on with another plugin. Aurora sends no data with it. */
  | { kind: "switch"; plugin: string; data: Uint8Array }
  /** More of the plugin's own exchange. */
  | { kind: "more"; data: Uint8Array };

const decoder = new TextDecoder();

/**
 * Reads what a server answers to a client that logs in.
 *
 * @throws {SyntaxError} when it is nothing of a login
 */
export function decodeLoginAnswer(body: Uint8Array): LoginAnswer {
  switch (body[0]) {
    case 0x00:
      return { kind: "ok" };
    case 0x01:
      return { kind: "more", data: body.subarray(1) };
    case 0xff:
      return { kind: "error", ...decodeError(body) };
    case 0xfe: {
      const reader = new BodyReader(body.subarray(1));
      // Without a name it is the plugin of before 4.1.
      const plugin = decoder.decode(reader.untilZero()) || "mysql_old_password";
      return { kind: "switch", plugin, data: reader.rest() };
    }
  }
  throw new SyntaxError("Cannot read what the server answers to a login");
}

/** Has a client go on with another plugin (MySQL source documentation, "Protocol::AuthSwitchRequest"). */
export function encodeAuthSwitch(plugin: string, salt: Uint8Array): Uint8Array {
  return concatBytes(
    Uint8Array.of(0xfe),
    ...zeroEnded(plugin),
    ...zeroEnded(salt),
  );
}

/** Tells a client of `caching_sha2_password` that its proof is right ("Protocol::AuthMoreData"). */
export function encodeFastAuthSuccess(): Uint8Array {
  return Uint8Array.of(0x01, 0x03);
}

/** The answer to {@linkcode CLEAR_PASSWORD}. */
export function encodeClearPassword(password: string): Uint8Array {
  return concatBytes(...zeroEnded(password));
}
