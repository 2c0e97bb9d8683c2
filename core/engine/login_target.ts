import type { Target } from "../target/target.ts";

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
export type LoginTarget = Omit<
  Target,
  "engine" | "region" | "profile" | "roleArn"
>;

/** The host and port that are dialled: `connect`'s where it is given. */
export function dialledAddress(
  target: LoginTarget,
): { host: string; port: number } {
  return target.connect ?? { host: target.host, port: target.port };
}
