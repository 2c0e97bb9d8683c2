import { RdsiamError } from "../../core/errors.ts";
import type { Trust } from "../../core/roots/trust.ts";
import type { Target } from "../../core/target/target.ts";
import { parseEndpoint } from "../../core/target/endpoint.ts";
import type { Context } from "../frame/context.ts";

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

/** What decides which roots vouch for a target's server. */
export type CertifiedTarget = Pick<Target, "host" | "region">;

/** What roots are loaded from. */
export type RootsContext = Pick<Context, "clock" | "regionRoots">;

/**
 * The roots of all of RDS and of RDS Proxy, as PEM: those that rdsiam carries, with those of the targets' regions that
 * they lack.
 *
 * @throws {RdsiamError} `unreachable` or `usage`, when the roots of a region cannot be had
 */
export async function loadCaBundle(
  targets: readonly CertifiedTarget[],
  context: RootsContext,
): Promise<string> {
  const { rdsCaBundle } = await import("../../adapters/roots/rds_ca.ts");
  const { pem, regions } = rdsCaBundle(context.clock.now());
  const lacking = new Set(
    targets.filter((target) =>
      !isRdsProxyEndpoint(target) && !regions.has(target.region)
    ).map(({ region }) => region),
  );
  const further = await Promise.all(
    [...lacking].map((region) => context.regionRoots(region)),
  );
  return [pem, ...further].join("");
}

/** The roots of a target's region alone, and those of RDS Proxy, as PEM. They are read faster than all. */
export async function loadTargetRoots(
  target: CertifiedTarget,
  context: RootsContext,
): Promise<string> {
  const { rdsCaBundle, rootsOfRegion } = await import(
    "../../adapters/roots/rds_ca.ts"
  );
  const { pem, regions } = rdsCaBundle(context.clock.now());
  const { region } = target;
  return regions.has(region)
    ? rootsOfRegion(pem, region)
    : await context.regionRoots(region);
}

/** Whether a target is an endpoint of RDS Proxy, whose certificate is of a public authority. */
export function isRdsProxyEndpoint({ host }: Pick<Target, "host">): boolean {
  return parseEndpoint(host)?.kind === "proxy";
}
