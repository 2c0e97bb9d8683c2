import { fatalError } from "../../core/pgwire/error_response.ts";
import type { ClosingMessage } from "./session.ts";

/** `ReadyForQuery` but for its last byte, the state of the transaction: between messages, then. */
const READY_FOR_QUERY = [0x5a, 0, 0, 0, 5];

/** `Terminate`: the client has said goodbye. */
const TERMINATE = [0x58, 0, 0, 0, 4];

/**
 * What a client of PostgreSQL is told when its session ends and it did not end it: an error, where a message of the
 * database's could begin. Sessions are carried without a look at their messages; that what came last is nothing but whole
 * ones shows that none is cut off.
 *
 * @param isReady whether the login's `ReadyForQuery` is the last that it was sent before anything was carried
 */
export function postgresClosingMessage(isReady: boolean): ClosingMessage {
  return (
    { endedBy, clientTail, upstreamTail },
    { fromUpstream },
    why = "the database ended the connection",
  ) => {
    const isBetweenMessages = fromUpstream === 0
      ? isReady
      : endsWith(upstreamTail.subarray(0, -1), READY_FOR_QUERY) ||
        isWholeMessages(upstreamTail);
    if (!isBetweenMessages || isTerminated(clientTail)) {
      return new Uint8Array();
    }
    return endedBy === "signal"
      ? fatalError({
        code: "57P01",
        message: "terminating connection because the proxy is shutting down",
      })
      : fatalError({ code: "08006", message: why });
  };
}

/** Whether a client has said goodbye: the database may then be faster to end the connection than the client is. */
export function isTerminated(clientTail: Uint8Array): boolean {
  return endsWith(clientTail, TERMINATE);
}

/** Whether bytes are whole messages, each a byte for its type and a length that counts itself. */
function isWholeMessages(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  while (at + 5 <= bytes.length) at += 1 + view.getUint32(at + 1);
  return at > 0 && at === bytes.length;
}

function endsWith(bytes: Uint8Array, end: readonly number[]): boolean {
  const tail = bytes.subarray(bytes.length - end.length);
  return bytes.length >= end.length && tail.every((byte, i) => byte === end[i]);
}
