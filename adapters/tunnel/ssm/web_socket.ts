/** A WebSocket that is read from at the reader's own pace, so that the sender waits for it. */
export interface FramedSocket {
  /** The next frame; `undefined` at the end, or when the connection is broken. */
  read(): Promise<Uint8Array | undefined>;
  /** Sends a frame; text as it is. */
  write(frame: Uint8Array | string): Promise<void>;
  close(): void;
}

/**
 * Opens a WebSocket.
 *
 * @throws when it does not come about
 */
export async function openWebSocket(
  url: string,
  signal: AbortSignal,
): Promise<FramedSocket> {
  const socket = new WebSocketStream(url, { signal });
  socket.closed.catch(() => {}); // reading tells
  const { readable, writable } = await socket.opened;
  const reader = readable.getReader();
  const writer = writable.getWriter();
  writer.closed.catch(() => {});
  return {
    async read() {
      try {
        const { value } = await reader.read();
        return typeof value === "string"
          ? new TextEncoder().encode(value)
          : value;
      } catch {
        return undefined;
      }
    },
    write: (frame) => writer.write(frame),
    close() {
      try {
        socket.close();
      } catch {
        // It is closed.
      }
    },
  };
}
