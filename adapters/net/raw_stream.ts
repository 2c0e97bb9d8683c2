import type { ByteStream, RawStream } from "../../core/ports/streams.ts";

/** A stream of chunks as a raw one, for the connections that Node's sockets carry. */
export function rawStreamOf(stream: ByteStream): RawStream {
  let unread: Uint8Array = new Uint8Array();
  return {
    async read(buffer) {
      if (unread.length === 0) {
        const chunk = await stream.read();
        if (chunk === undefined) return null;
        unread = chunk;
      }
      const count = Math.min(unread.length, buffer.length);
      buffer.set(unread.subarray(0, count));
      unread = unread.subarray(count);
      return count;
    },
    async write(bytes) {
      // A socket of Node keeps what it cannot send at once, and the writer uses its buffer again.
      await stream.write(bytes.slice());
      return bytes.length;
    },
    closeWrite() {
      stream.close();
      return Promise.resolve();
    },
    close: () => stream.close(),
  };
}
