import type { ByteStream } from "../ports/streams.ts";

/** A host and a port, as the far end of a tunnel is to dial them. */
export interface FarAddress {
  host: string;
  port: number;
}

/**
 * A tunnel into a private network. It opens itself with the first connection; what ends with it, such as the shared
 * connection to a bastion, is closed when it is disposed of.
 */
export interface Tunnel extends AsyncDisposable {
  /**
   * Makes the tunnel ready where that can be done ahead of a connection.
   *
   * @throws {TunnelError} when it cannot be
   */
  open(signal: AbortSignal): Promise<void>;
  /**
   * Connects to an address from the far end. Some tunnels tell only by an early end of the stream that this came to
   * nothing: {@linkcode TunnelConn.failure} says why then.
   *
   * @param signal gives up when it aborts
   * @throws {TunnelError} when the connection is refused
   */
  dial(address: FarAddress, signal: AbortSignal): Promise<TunnelConn>;
  /**
   * Resolves when the open tunnel has broken, with why; never where each connection is a tunnel of its own.
   */
  broken(): Promise<unknown>;
}

/** A connection through a tunnel. */
export interface TunnelConn {
  stream: ByteStream;
  /**
   * Why the far side has ended, where that was not the database's own doing; to be asked once it has.
   *
   * @param hasCarried whether anything came out of it
   */
  failure(hasCarried: boolean): Promise<Error | undefined>;
}
