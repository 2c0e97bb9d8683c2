import type { ConfiguredTarget } from "../config/config.ts";
import { parseEndpoint } from "../target/endpoint.ts";
import type { RdsInventory } from "./database.ts";

/** A region that was asked for all that it has, and as whom. */
export interface Searched {
  inventory: RdsInventory;
  profile?: string;
  roleArn?: string;
}

/**
 * The targets whose databases are gone: those whose profile and role were used to look in their region, where every call was
 * answered and none told of their endpoint. Of others nothing is known.
 */
export function goneTargets<
  Target extends Pick<ConfiguredTarget, "name" | "fields">,
>(targets: readonly Target[], searched: readonly Searched[]): Target[] {
  const hosts = new Set<string>();
  const complete = new Set<string>();
  for (const { inventory, profile, roleArn } of searched) {
    const { region, databases, failures } = inventory;
    for (const { endpoints } of databases) {
      for (const { host } of endpoints) hosts.add(host);
    }
    if (failures.length === 0) complete.add(placeOf(region, profile, roleArn));
  }
  return targets.filter(
    ({ fields: { host = "", profile, roleArn, connect } }) => {
      const endpoint = parseEndpoint(host);
      if (endpoint?.region === undefined || connect !== undefined) return false;
      return !hosts.has(endpoint.host) &&
        complete.has(placeOf(endpoint.region, profile, roleArn));
    },
  );
}

function placeOf(region: string, profile = "", roleArn = ""): string {
  return JSON.stringify([region, profile, roleArn]);
}
