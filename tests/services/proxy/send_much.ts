/** A side that sends much, and what is taken of it. */
import type { ByteStream } from "../../../core/ports/streams.ts";

/** What a side would send, in bytes. */
const OFFERED = 300 << 20;

/** Much more than the system keeps for the two connections in between, and a proxy a few buffers. */
export const MOST_TAKEN = OFFERED / 4;

/** For how long nothing goes on before a sender counts as held up, in milliseconds. */
const QUIET_MS = 300;

/** Sends until all is sent or the connection is closed, and counts. */
export function sendMuch(stream: ByteStream) {
  // A command of MySQL's that is larger than all of it, and its packets.
  const piece = new Uint8Array(1 << 20).fill(0x41);
  const progress = { sent: 0, ended: Promise.resolve() };
  async function send() {
    while (progress.sent < OFFERED) progress.sent += await stream.write(piece);
  }
  progress.ended = send().catch(() => {});
  return progress;
}

/** Waits until a number has not changed for a while. */
export async function untilQuiet(value: () => number) {
  for (let last = -1; value() !== last;) {
    last = value();
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  }
}
