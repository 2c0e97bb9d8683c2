import type { AwsCallError } from "../aws/call_error.ts";
import type { RdsInventory } from "./database.ts";

/** One failure, and every region where it happened. */
export interface SharedFailure {
  /** The first region's. */
  error: AwsCallError;
  regions: readonly string[];
}

/** The failures of several regions, each kind of them once. */
export function sharedFailures(
  inventories: readonly RdsInventory[],
): SharedFailure[] {
  const groups = new Map<string, { error: AwsCallError; regions: string[] }>();
  for (const { region, failures } of inventories) {
    for (const error of failures) {
      const key = `${error.action} ${error.refusal} ${error.code}`;
      const group = groups.get(key) ?? { error, regions: [] };
      groups.set(key, group);
      group.regions.push(region);
    }
  }
  return [...groups.values()];
}

/**
 * Whether a region is none for this account: it is not enabled, so that its keys are not known there, or its names are
 * none.
 */
export function isClosedRegion(
  { databases, failures }: RdsInventory,
): boolean {
  return databases.length === 0 && failures.length > 0 &&
    failures.every(({ refusal, code }) =>
      refusal === "credentials" || code === "ENOTFOUND"
    );
}
