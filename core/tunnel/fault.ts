import { RdsiamError } from "../errors.ts";

/**
 * Why a tunnel does not come up or carries a connection no further.
 *
 * - `program-missing`: what would make it is not installed
 * - `host-key`: the bastion's key is unknown or has changed
 * - `login`: the bastion, or the SOCKS5 server, lets us not in
 * - `bastion-name`, `bastion`: its name has no address; it cannot be connected to
 * - `target-name`, `target`: seen from the far end, the database's name has no address; it cannot be connected to
 * - `forbidden`: the far end forbids forwarding
 * - `protocol`: it does not speak as it should, such as a banner before the database's own bytes
 * - `ended`: it ended without having carried anything
 * - `timeout`: no answer in time
 * - `permission`: AWS denies an action
 * - `not-found`, `offline`: there is no such instance or task; it is not connected to Systems Manager
 * - `encrypted`: the session must be encrypted with a key of KMS, which takes AWS's own plugin
 */
export type TunnelReason =
  | "program-missing"
  | "host-key"
  | "login"
  | "bastion-name"
  | "bastion"
  | "target-name"
  | "target"
  | "forbidden"
  | "protocol"
  | "ended"
  | "timeout"
  | "permission"
  | "not-found"
  | "offline"
  | "encrypted";

/** A tunnel that carries nothing. */
export class TunnelError extends RdsiamError {
  /** Why. */
  readonly reason: TunnelReason;
  /** The tunnel, as messages name it. */
  readonly tunnel: string;
  /** What is wrong, without the tunnel's name. */
  readonly why: string;

  /** Makes the error of one tunnel. */
  constructor(
    tunnel: string,
    fault: TunnelFault,
    cause?: unknown,
  ) {
    const { reason, why, hint } = fault;
    super(
      reason === "permission" ? "credentials" : "unreachable",
      `Tunnel ${tunnel} ${VERBS[reason] ?? "failed"}: ${why}`,
      {
        ...(hint !== undefined && { hint }),
        ...(cause !== undefined && { cause }),
      },
    );
    this.reason = reason;
    this.tunnel = tunnel;
    this.why = why;
  }
}

/** What is wrong with a tunnel, and what to do. */
export interface TunnelFault {
  reason: TunnelReason;
  /** As a clause: `nothing listens there`. */
  why: string;
  hint?: string | undefined;
}

/** Whether the bastion is fine and what is behind it is not. */
export function isBehind(reason: TunnelReason): boolean {
  return reason === "target" || reason === "target-name";
}

const VERBS: Partial<Record<TunnelReason, string>> = {
  target: "is up, the database is not reached from there",
  "target-name": "is up, the database is not reached from there",
};
