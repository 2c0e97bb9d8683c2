import { encodeError } from "../../../core/mysqlwire/error_packet.ts";
import { encodePacket } from "../../../core/mysqlwire/packet.ts";
import type { ClosingMessage } from "../session.ts";
import { ERRORS } from "./failures.ts";

/**
 * What a client of MySQL is told when its session ends and it did not end it: an error in the place of the answer that it
 * waits for. Between commands it hears nothing, and what breaks off in the middle of an answer cannot be told from a whole one.
 *
 * @param awaited gives the number of the packet that the client waits for
 */
export function mysqlClosingMessage(
  awaited: () => number | undefined,
): ClosingMessage {
  return (
    { endedBy },
    _counts,
    why = "the database ended the connection",
  ) => {
    const sequence = awaited();
    if (sequence === undefined) return new Uint8Array();
    const error = endedBy === "signal"
      ? { ...ERRORS.shutdown, message: "the proxy is shutting down" }
      : { ...ERRORS.lost, message: why };
    return encodePacket(sequence, encodeError(error));
  };
}
