import { RdsiamError } from "../../core/errors.ts";
import { isRegion, partitionOf } from "../../core/target/endpoint.ts";
import { regionsOf } from "../../core/target/regions.ts";
import { didYouMean } from "../../core/text/nearest.ts";
import type { Context } from "../frame/context.ts";
import type { Reporter } from "../frame/output.ts";

/** The options that say where to look. */
export interface RegionOptions {
  region?: string[];
  allRegions?: boolean;
}

/**
 * The regions to look in: those that are named, else the one of the environment or the profile, or every one of its
 * partition.
 *
 * @throws {RdsiamError} `usage`, when none is known or a name is none
 */
export async function readRegions(
  { region: named, allRegions }: RegionOptions,
  profile: string | undefined,
  context: Pick<Context, "defaultRegion">,
): Promise<readonly string[]> {
  if (named !== undefined) {
    if (allRegions) {
      throw new RdsiamError(
        "usage",
        "--region and --all-regions are both given",
        {
          hint: "Give one of them",
        },
      );
    }
    const wrong = named.find((region) => !isRegion(region));
    if (wrong === undefined) return [...new Set(named)];
    throw new RdsiamError("usage", `Region "${wrong}" is not valid`, {
      hint: "Write it as eu-west-1, and repeat --region for several",
    });
  }
  const own = await context.defaultRegion(profile);
  if (allRegions) return regionsOf(partitionOf(own ?? "us-east-1"));
  if (own !== undefined) return [own];
  throw new RdsiamError(
    "usage",
    profile === undefined
      ? "No region is named"
      : `No region is named: profile "${profile}" has none, or is not configured`,
    { hint: "Pass --region or --all-regions, or set AWS_REGION" },
  );
}

/** Warns of regions that may be mistyped; they may be younger than rdsiam as well, and are asked. */
export function warnOfUnknown(
  regions: readonly string[],
  reporter: Reporter,
): void {
  for (const region of regions) {
    const known = regionsOf(partitionOf(region));
    if (known.includes(region)) continue;
    const meant = didYouMean(region, known);
    reporter.warn(
      `Region "${region}" is not known here${meant ? `. ${meant}` : ""}`,
    );
  }
}
