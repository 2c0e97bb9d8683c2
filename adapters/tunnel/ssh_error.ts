import { TunnelError } from "../../core/tunnel/fault.ts";
import { explainSsh } from "../../core/tunnel/ssh.ts";
import { formatTunnel, type SshWay } from "../../core/target/tunnel_way.ts";

/** What ssh ended with, by what it printed. */
export function sshError(
  way: SshWay,
  lines: readonly string[],
  cause?: unknown,
): TunnelError {
  const last = lines.findLast((line) => line.trim() !== "")?.trim();
  const fault = explainSsh(lines, way) ?? {
    reason: "ended",
    why: last === undefined ? "ssh ended without a word" : `ssh ended: ${last}`,
    hint: "Try the same bastion by hand: ssh",
  };
  return new TunnelError(formatTunnel(way), fault, cause);
}
