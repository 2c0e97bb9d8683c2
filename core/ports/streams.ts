/**
 * A connection: bytes both ways, into and out of the caller's own buffers. What is not asked for stays with the sender: a
 * stream holds no more than one buffer that was read and not yet taken, in TLS one of its pieces.
 */
export interface ByteStream {
  /**
   * Reads what has come into the buffer; one read at a time.
   *
   * @returns how many bytes that were; `null` at the end
   * @throws when the connection is broken
   */
  read(buffer: Uint8Array): Promise<number | null>;
  /**
   * Writes some of the bytes, and waits while the other side is slow; one write at a time. The buffer is the caller's again
   * when it is done.
   *
   * @returns how many were written
   * @throws when the connection is broken
   */
  write(bytes: Uint8Array): Promise<number>;
  /**
   * Sends what was written, and then the end; reading goes on.
   *
   * @throws when the connection is broken
   */
  closeWrite(): Promise<void>;
  /** Ends the connection both ways, at once. It may be closed already. */
  close(): void;
}

/** A connection that has gone over to TLS. */
export interface SecureStream {
  /** What is within. */
  stream: ByteStream;
  /** The protocol that was agreed on by ALPN. */
  alpn: string | undefined;
}

/** A connection that a server accepted. */
export interface AcceptedStream {
  /** The client's address, without the port; `unix` for one of this machine's own sockets. */
  remoteHost: string;
  stream: ByteStream;
  /**
   * Goes on in TLS, as its server; absent where none is offered.
   *
   * @param received bytes that were read already and belong to the handshake
   * @throws {Error} when the handshake fails; the connection is closed then
   */
  startTls?(received: Uint8Array): Promise<SecureStream>;
}

/** A host and a port to listen on. */
export interface TcpAddress {
  kind: "tcp";
  host: string;
  port: number;
}

/** Where a server listens. */
export type ListenAddress =
  | TcpAddress
  | { kind: "unix"; path: string }
  /** A socket that this process was started with, as by systemd. */
  | { kind: "fd"; fd: number };

/** A listening socket. */
export interface Listener<Address extends ListenAddress = ListenAddress> {
  /** Where it listens; a port of 0 replaced by the one that was free, a file descriptor by its address. */
  address: Address;
  /** Stops accepting; connections go on. */
  close(): Promise<void>;
}
