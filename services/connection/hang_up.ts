import type { Clock } from "../../core/ports/clock.ts";
import { atMost } from "../../core/ports/within.ts";
import type { Connection } from "./connection.ts";

/**
 * How much of what the other side still sends is read meanwhile, in bytes: more than anybody sends ahead who waits for
 * answers, and too little to cost anything.
 */
const DISCARDED_BYTES = 65_536;

/**
 * Says something, waits until the other side has had the time to read it, and closes.
 *
 * @param longestMs how long that may take, in milliseconds
 */
export async function hangUp(
  connection: Connection,
  words: Uint8Array,
  clock: Clock,
  longestMs: number,
): Promise<void> {
  async function sayAll() {
    await connection.write(words);
    await connection.closeWrite();
    // Closing while there is something unread would take back what was said (RFC 2525, 2.17).
    await connection.discard(DISCARDED_BYTES);
  }
  await atMost(clock, longestMs, sayAll());
  connection.close();
}
