import type { ConfiguredTarget } from "../config/config.ts";
import { ENGINES } from "../engine/engines.ts";
import type { DiscoveredEndpoint } from "./discovered.ts";

/** A discovered endpoint with the name that it has, or would have, in the configuration. */
export interface NamedEndpoint extends DiscoveredEndpoint {
  /** Whether a target of the configuration leads there already. */
  isConfigured: boolean;
}

/**
 * Gives each endpoint a name of its own. One that the configuration has already keeps the name it has there; among others,
 * a name that is taken gets what tells it apart: what it leads to or its region, and a number if need be.
 */
export function nameEndpoints(
  endpoints: readonly DiscoveredEndpoint[],
  configured: readonly Pick<ConfiguredTarget, "name" | "fields">[],
): NamedEndpoint[] {
  const taken = new Map<string, string | undefined>();
  for (const { name } of configured) taken.set(name, undefined);
  return endpoints.map((one) => {
    const old = configured.find(({ fields }) => leadsTo(one, fields));
    if (old !== undefined) {
      return { ...one, name: old.name, isConfigured: true };
    }
    const name = freeName(one, taken);
    taken.set(name, one.database.region);
    return { ...one, name, isConfigured: false };
  });
}

function leadsTo(
  { endpoint, database: { engine } }: DiscoveredEndpoint,
  { host, port, connect }: ConfiguredTarget["fields"],
): boolean {
  if (endpoint === undefined || host === undefined || engine === undefined) {
    return false;
  }
  if (connect !== undefined) return false; // another way there
  return host.toLowerCase().replace(/\.$/, "") === endpoint.host &&
    Number(port ?? ENGINES[engine].defaultPort) === endpoint.port;
}

function freeName(
  { name, word, database: { region } }: DiscoveredEndpoint,
  taken: ReadonlyMap<string, string | undefined>,
): string {
  const byWord = `${name}-${word.replaceAll(" ", "-")}`;
  const byRegion = `${name}-${region}`;
  const holder = taken.get(name);
  const isElsewhere = holder !== undefined && holder !== region;
  const [second, third] = isElsewhere ? [byRegion, byWord] : [byWord, byRegion];
  const candidates = [name, second, third];
  for (let number = 2; number < taken.size + 3; number++) {
    candidates.push(`${name}-${number}`);
  }
  return candidates.find((candidate) => !taken.has(candidate)) ?? name;
}
