/** A connection: bytes both ways. */
export interface ByteStream {
  /** The next bytes, or `undefined` at the end. A broken connection counts as ended. */
  read(): Promise<Uint8Array | undefined>;
  /** Writes bytes and waits while the other side is slow; what a broken connection cannot take is dropped. */
  write(bytes: Uint8Array): Promise<void>;
  /** Ends the connection both ways, after what was written has been sent. */
  close(): void;
}

/** A connection that a server accepted. */
export interface AcceptedStream extends ByteStream {
  /** The client's address, without the port. */
  remoteHost: string;
  /**
   * Goes on in TLS, as its server.
   *
   * @param received bytes that were read already and belong to the handshake
   * @returns the connection within, and the protocol that was agreed on
   * @throws {Error} when the handshake fails
   */
  startTls(
    received: Uint8Array,
  ): Promise<{ stream: ByteStream; alpn: string | undefined }>;
}

/** A connection whose bytes go into the reader's own buffer: what the system's sockets are, and the fastest. */
export interface RawStream {
  /**
   * Reads what has come into the buffer.
   *
   * @returns how many bytes that were; `null` at the end
   * @throws when the connection is broken
   */
  read(buffer: Uint8Array): Promise<number | null>;
  /**
   * Writes some of the bytes, and waits while the other side is slow.
   *
   * @returns how many were written
   * @throws when the connection is broken
   */
  write(bytes: Uint8Array): Promise<number>;
  /** Sends what was written, and then the end. */
  closeWrite(): Promise<void>;
  /** Ends the connection both ways, at once. To be called once. */
  close(): void;
}

/** A connection that the proxy accepted. */
export interface AcceptedConn {
  /** The client's address, without the port; `unix` for one of this machine's own sockets. */
  remoteHost: string;
  raw: RawStream;
  /**
   * Goes on in TLS, as its server; absent where none is offered.
   *
   * @param received bytes that were read already and belong to the handshake
   * @returns the connection within, and the protocol that was agreed on
   * @throws {Error} when the handshake fails
   */
  startTls?(
    received: Uint8Array,
  ): Promise<{ raw: RawStream; alpn: string | undefined }>;
}

/** A listening socket. */
export interface Listener {
  /** The port it listens on. */
  port: number;
  /** Stops listening and ends every connection. */
  close(): Promise<void>;
}
