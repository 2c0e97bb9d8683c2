import type { AcceptedStream } from "../ports/streams.ts";
import type { Target } from "../target/target.ts";

/**
 * A connection to a database before TLS: a server of MySQL greets first, and TLS begins when its client asks for it.
 * `startTls` goes on in TLS, as its client, and verifies the server as the target says.
 */
export type PlainStream =
  & Required<Pick<AcceptedStream, "stream" | "startTls">>
  & {
    /** Why the connection has ended, where that was its tunnel's doing; to be asked once it has. */
    failure?: () => Promise<Error | undefined>;
  };

/** Connects to databases, for the proxy. */
export interface MysqlDialer {
  /**
   * Connects to where a target is to be dialled, and waits until the server begins to greet.
   *
   * @param near connected to in its place: the near end of a tunnel
   * @param signal gives up when it aborts
   * @throws {RdsiamError} `unreachable`, with what stood in the way, as `startTls` of the connection does
   */
  connect(
    target: Target,
    signal: AbortSignal,
    near?: { host: string; port: number },
  ): Promise<PlainStream>;
}
