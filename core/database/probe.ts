import type { DatabaseLogin } from "./database.ts";

/** What a server's certificate says of itself. */
export interface ServerCertificate {
  /** The DNS names that it is for. */
  names: readonly string[];
  /** Until when it is valid, in milliseconds since the epoch. */
  expiresAt: number;
}

/** Looks at how far one gets to a database, without logging in. */
export interface EndpointProbe {
  /**
   * Opens a TCP connection and ends it.
   *
   * @throws {RdsiamError} `unreachable`, with what stood in the way
   */
  connect(
    address: { host: string; port: number },
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * Starts TLS as a login does, and looks at the certificate.
   *
   * @throws {RdsiamError} `unreachable`, when there is no TLS or the certificate is not trusted
   */
  certificate(
    login: Pick<
      DatabaseLogin,
      "address" | "near" | "serverName" | "sslmode" | "trust"
    >,
  ): Promise<ServerCertificate>;
}
