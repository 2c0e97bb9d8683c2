import type { ByteStream } from "../../core/ports/streams.ts";

/** A connection of Deno's as a stream. */
export function connStream(conn: Deno.Conn): ByteStream {
  let isClosed = false;
  return {
    read: (buffer) => conn.read(buffer),
    write: (bytes) => conn.write(bytes),
    closeWrite: () => conn.closeWrite(),
    close() {
      if (isClosed) return;
      isClosed = true;
      conn.close();
    },
  };
}

/** Connects to a TCP port of this machine, or to a Unix socket. */
export async function connectLocal(
  to: { port: number } | { path: string },
): Promise<ByteStream> {
  if ("path" in to) {
    return connStream(await Deno.connect({ transport: "unix", ...to }));
  }
  const conn = await Deno.connect({ hostname: "127.0.0.1", ...to });
  conn.setNoDelay(true);
  return connStream(conn);
}
