import { concatBytes } from "../text/concat_bytes.ts";
import { encodeMessage } from "./message.ts";

/** The newest minor version of protocol 3 there is: PostgreSQL 18's, with longer cancel keys. */
export const NEWEST_MINOR = 2;

/** Parameters of this prefix ask for extensions of the protocol. */
const EXTENSION_PREFIX = "_pq_.";

/** What is agreed on with a client. */
export interface AgreedProtocol {
  /** The minor version. */
  minor: number;
  /** The parameters without requests for extensions, of which there are none. */
  parameters: ReadonlyMap<string, string>;
  /** What to tell the client, when it asked for more. */
  answer: Uint8Array | undefined;
}

/**
 * Agrees on a version with a client (PostgreSQL manual, "NegotiateProtocolVersion"). There is no 3.1: who asks for it
 * gets 3.0.
 */
export function agreeOnProtocol(
  minor: number,
  parameters: ReadonlyMap<string, string>,
): AgreedProtocol {
  const agreed = minor >= NEWEST_MINOR ? NEWEST_MINOR : 0;
  const unknown = [...parameters.keys()]
    .filter((name) => name.startsWith(EXTENSION_PREFIX));
  const known = [...parameters]
    .filter(([name]) => !name.startsWith(EXTENSION_PREFIX));
  return {
    minor: agreed,
    parameters: new Map(known),
    answer: agreed === minor && unknown.length === 0
      ? undefined
      : negotiateProtocolVersion(agreed, unknown),
  };
}

function negotiateProtocolVersion(
  minor: number,
  unknown: readonly string[],
): Uint8Array {
  const head = new Uint8Array(8);
  const view = new DataView(head.buffer);
  view.setUint32(0, 3 << 16 | minor);
  view.setUint32(4, unknown.length);
  const names = new TextEncoder().encode(
    unknown.map((name) => `${name}\0`).join(""),
  );
  return encodeMessage({ type: "v", body: concatBytes(head, names) });
}
