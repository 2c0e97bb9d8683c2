import { RdsiamError } from "../../core/errors.ts";
import { isRegion, partitionOf } from "../../core/target/endpoint.ts";
import { regionsOf } from "../../core/target/regions.ts";
import type { Context } from "../context.ts";

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
  context: Context,
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
  throw new RdsiamError("usage", "No region is named", {
    hint: "Pass --region or --all-regions, or set AWS_REGION",
  });
}
