import type { ByteStream } from "../../core/ports/streams.ts";

/** Carries bytes both ways until one side ends, then ends both. */
export async function joinStreams(
  one: ByteStream,
  other: ByteStream,
): Promise<void> {
  async function carry(from: ByteStream, to: ByteStream) {
    for (let bytes = await from.read(); bytes; bytes = await from.read()) {
      await to.write(bytes);
    }
    to.close();
  }
  await Promise.all([carry(one, other), carry(other, one)]);
}
