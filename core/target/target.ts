import type { EngineName } from "../engine/engine.ts";
import type { LoginTarget } from "../engine/login_target.ts";
import type { TunnelSpec } from "./tunnel_spec.ts";
import { formatAddress } from "./address.ts";

/** Where to connect, as whom. Every field is checked. */
export interface Target extends LoginTarget {
  /** What kind of database it is. */
  engine: EngineName;
  /** The region that is signed for. */
  region: string;
  /** AWS shared-config profile, when one is named. */
  profile?: string;
  /** Role to assume before signing. */
  roleArn?: string;
  /** How a private database is reached; the far end dials what `connect` names, else host and port. */
  tunnel?: TunnelSpec;
}

/** A target behind a tunnel. */
export type TunnelledTarget = Target & Required<Pick<Target, "tunnel">>;

/** Whether a target is behind a tunnel. */
export function isTunnelled(target: Target): target is TunnelledTarget {
  return target.tunnel !== undefined;
}

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
