import { RdsiamError } from "../core/errors.ts";
import type { Trust } from "../core/ports.ts";
import type { Target } from "../core/target/target.ts";
import { loadCaBundle } from "./ca_bundle.ts";
import type { Context } from "./context.ts";
import type { Reporter } from "./output.ts";

/**
 * What the certificate of a target's server must lead to.
 *
 * @throws {RdsiamError} `usage`, when the file of its roots cannot be read
 */
export async function readTrust(
  target: Target,
  context: Pick<Context, "clock">,
  reporter: Reporter,
): Promise<Trust> {
  const { sslrootcert, sslmode } = target;
  if (sslrootcert === "system") return { kind: "system" };
  if (sslrootcert === undefined) {
    if (sslmode === "require") return { kind: "nothing" };
    const bundle = await loadCaBundle(target, context, reporter);
    const { rootsOfRegion } = await import("../adapters/rds_ca.ts");
    return { kind: "roots", pem: rootsOfRegion(bundle, target.region) };
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
