import { TunnelError } from "../../core/tunnel/fault.ts";
import { findProgram } from "../process/find_program.ts";

/**
 * The ssh that a shell would run.
 *
 * @param name of the tunnel
 * @throws {TunnelError} when there is none
 */
export async function findSsh(
  name: string,
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const program = await findProgram("ssh", environment);
  if (program !== undefined) return program;
  throw new TunnelError(name, {
    reason: "program-missing",
    why: "ssh is not installed",
    hint: "Install OpenSSH's client, such as: apt install openssh-client",
  });
}
