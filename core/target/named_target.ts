import { formatAddress } from "./address.ts";
import type { Target } from "./target.ts";

/** A target and what it is called. */
export interface NamedTarget {
  /** Its name in the configuration file, else {@linkcode targetName}. */
  name: string;
  target: Target;
  /** The name of what is dialled, where the target's `connect` has the IP address in its place. */
  connectName?: string;
}

/** What to call a target that has no name: `user@host:port/database`. */
export function targetName(target: Target): string {
  const { username, host, port, database } = target;
  return `${username}@${formatAddress(host, port)}/${database}`;
}
