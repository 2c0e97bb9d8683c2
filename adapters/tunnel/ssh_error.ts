import { TunnelError } from "../../core/tunnel/fault.ts";
import { explainSsh } from "../../core/tunnel/ssh.ts";
import {
  formatTunnel,
  type SshTunnelSpec,
} from "../../core/target/tunnel_spec.ts";

/** What ssh ended with, by what it printed. */
export function sshError(
  spec: SshTunnelSpec,
  lines: readonly string[],
  cause?: unknown,
): TunnelError {
  const last = lines.findLast((line) => line.trim() !== "")?.trim();
  const fault = explainSsh(lines, spec) ?? {
    reason: "ended",
    why: last === undefined
      ? "ssh ended without a message"
      : `ssh ended: ${last}`,
    hint: "Try the same bastion by hand: ssh",
  };
  return new TunnelError(formatTunnel(spec), fault, cause);
}
