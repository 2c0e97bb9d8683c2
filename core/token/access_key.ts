import type { Secret } from "../secret.ts";

/** An AWS access key, permanent or temporary. */
export interface AccessKey {
  /** Access key id; no secret. */
  id: string;
  /** Secret access key. */
  secret: Secret;
  /** Session token that goes with a temporary key; a permanent one has none. */
  sessionToken?: Secret;
  /** When it ends, in milliseconds since the epoch; a permanent one does not. */
  expiresAt?: number;
  /** Where it came from, in words: `SSO, profile "dev"`. */
  source?: string;
}
