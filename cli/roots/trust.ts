import { RdsiamError } from "../../core/errors.ts";
import type { Trust } from "../../core/roots/trust.ts";
import type { Target } from "../../core/target/target.ts";
import {
  isRdsProxyEndpoint,
  loadTargetRoots,
  type RootsContext,
} from "./ca_bundle.ts";

/**
 * What the certificate of a target's server must lead to. RDS Proxy has certificates of a public authority.
 *
 * @throws {RdsiamError} `usage`, when the file of its roots cannot be read; as the context does, when the roots of its
 * region cannot be had
 */
export async function readTrust(
  target: Target,
  context: RootsContext,
): Promise<Trust> {
  const { sslrootcert, sslmode } = target;
  if (sslrootcert === "system") return { kind: "system" };
  if (sslrootcert === undefined) {
    if (sslmode === "require") return { kind: "nothing" };
    if (isRdsProxyEndpoint(target)) return { kind: "system" };
    return { kind: "roots", pem: await loadTargetRoots(target, context) };
  }
  try {
    return { kind: "roots", pem: await Deno.readTextFile(sslrootcert) };
  } catch (cause) {
    throw new RdsiamError(
      "usage",
      `File "${sslrootcert}" of --sslrootcert cannot be read`,
      { cause },
    );
  }
}
