import type { Target } from "../target/target.ts";
import type { ByteStream } from "../ports/streams.ts";

/** A verified connection to a database, before the login. */
export interface DialledStream {
  stream: ByteStream;
  /** What was dialled, its host as an address: where a cancel request must go too. */
  address: { host: string; port: number };
  /** Why the connection has ended, where that was its tunnel's doing; to be asked once it has. */
  failure?: () => Promise<Error | undefined>;
}

/** Connects to databases over TLS, for the proxy. */
export interface Dialer {
  /**
   * Connects to where a target is to be dialled, and verifies the server as the target says.
   *
   * @param address dialled instead, when it is given
   * @param near connected to in its place: the near end of a tunnel
   * @param signal gives up when it aborts
   * @throws {RdsiamError} `unreachable`, with what stood in the way
   */
  dial(
    target: Target,
    signal: AbortSignal,
    address?: { host: string; port: number },
    near?: { host: string; port: number },
  ): Promise<DialledStream>;
}
