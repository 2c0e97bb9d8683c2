/**
 * How a client verifies the server. The weaker modes of libpq are left out: with them a token could travel in clear.
 */
export type SslMode = "require" | "verify-ca" | "verify-full";

/** Every {@linkcode SslMode}, the weakest first. */
export const SSL_MODES: readonly SslMode[] = [
  "require",
  "verify-ca",
  "verify-full",
];

/** What a client needs to know of a target to log in. */
export interface LoginTarget {
  /** The endpoint's name in lower case: signed for, and verified in the server's certificate. */
  host: string;
  /** The endpoint's port, which is signed for. */
  port: number;
  /** The database user that logs in. */
  username: string;
  /** The database; empty for none, which PostgreSQL does not know. */
  database: string;
  /** Where to dial instead of host and port. */
  connect?: { host: string; port: number };
  /** How clients verify the server. */
  sslmode: SslMode;
  /** File of trusted roots; without one, the bundle that rdsiam carries. */
  sslrootcert?: string;
}

/** The host and port that are dialled: `connect`'s where it is given. */
export function dialledAddress(
  target: LoginTarget,
): { host: string; port: number } {
  return target.connect ?? { host: target.host, port: target.port };
}
