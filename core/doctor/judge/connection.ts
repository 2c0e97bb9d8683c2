import type { DatabaseUnreachable } from "../../database/unreachable.ts";
import { formatAddress, isLoopback, isPrivate } from "../../target/address.ts";
import { dialledAddress } from "../../engine/login_target.ts";
import type { Target } from "../../target/target.ts";
import type { Finding } from "../check.ts";

/** What the name that is dialled leads to. */
export function describeAddress(target: Target, address: string): Finding {
  const { host } = dialledAddress(target);
  const kind = isLoopback(address)
    ? " (this machine)"
    : isPrivate(address)
    ? " (private)"
    : "";
  return {
    status: "ok",
    detail: host === address
      ? `not needed: ${address}${kind} is dialled`
      : `${address}${kind}`,
  };
}

/** That the name has no address. */
export function noAddress(target: Target): Finding {
  const { host } = dialledAddress(target);
  return {
    status: "failed",
    kind: "unreachable",
    symptom: "dns",
    detail: `"${host}" has no address`,
    remedy: target.connect === undefined
      ? "rdsiam targets discover"
      : "Check the name given to --connect",
  };
}

/**
 * What to do where no connection comes about.
 *
 * @param error what the dialler says
 * @param address the IP address that was dialled
 * @param securityGroups the database's, where they are known
 */
export function judgeNoConnection(
  error: Pick<DatabaseUnreachable, "why">,
  target: Target,
  { address, securityGroups }: {
    address: string;
    securityGroups: readonly string[];
  },
): Finding {
  const { port } = dialledAddress(target);
  const isTunnel = isLoopback(address);
  return {
    status: "failed",
    kind: "unreachable",
    symptom: "tcp",
    detail: `${formatAddress(address, port)}: ${error.why}`,
    remedy: isTunnel
      ? "Start the tunnel, or give its port to --connect"
      : isPrivate(address)
      ? "The address is private: reach it through a bastion with --tunnel ssh:BASTION or --tunnel ssm:INSTANCE_ID"
      : `Let this machine's address in, port ${port}: ${
        securityGroups.length > 0
          ? `security group ${securityGroups.join(", ")}`
          : "the database's security group"
      }`,
  };
}

/** What to do where the far end of a tunnel gets no connection. */
export function judgeBehindTunnel(
  { why, hint }: { why: string; hint: string | undefined },
  target: Target,
): Finding {
  const { host, port } = dialledAddress(target);
  return {
    status: "failed",
    kind: "unreachable",
    detail: `${formatAddress(host, port)}, from the tunnel's far end: ${why}`,
    remedy: hint,
  };
}
