import type { ConfiguredTarget } from "../config/config.ts";
import { ENGINES } from "../engine/engines.ts";
import { parseEndpoint } from "../target/endpoint.ts";
import type { RdsDatabase } from "./database.ts";
import type { DiscoveredEndpoint } from "./discovered.ts";

/** A discovered endpoint with the name that it has, or would have, in the configuration. */
export interface NamedEndpoint extends DiscoveredEndpoint {
  /** Its name without what tells its account and region. */
  shortName: string;
  /** Whether a target of the configuration leads there already. */
  isConfigured: boolean;
}

/** What is one's own: there, a database's name alone names it. */
export interface Home {
  /** The region of the environment or the profile, where there is one. */
  readonly region: string | undefined;
  /** Whether the account is that of the environment's credentials, and not of a profile or role that was named. */
  readonly isOwnAccount: boolean;
}

type Configured = Pick<ConfiguredTarget, "name" | "fields">;

/**
 * Gives each endpoint a name of its own. One that the configuration has already keeps the name it has there. The others
 * bear the database's name alone in the account and region that are one's own; elsewhere account and region stand behind
 * it, so that it does not matter where one looks first. All endpoints of a database are called alike: where one of their names is another
 * region's or account's, that is said behind each of them. What shares a name in one place is told apart by what it leads
 * to, and by a number if need be.
 */
export function nameEndpoints(
  endpoints: readonly DiscoveredEndpoint[],
  configured: readonly Configured[],
  home: Home,
): NamedEndpoint[] {
  const taken = new Set(configured.map(({ name }) => name));
  const suffixes = new Map<RdsDatabase, string>();
  for (const { owner } of endpoints) {
    if (suffixes.has(owner)) continue;
    suffixes.set(owner, suffixOf(owner, endpoints, configured, home));
  }
  return endpoints.map((one) => {
    const shortName = one.name;
    const old = configured.find(({ fields }) => leadsTo(one, fields));
    if (old !== undefined) {
      return { ...one, shortName, name: old.name, isConfigured: true };
    }
    const name = freeName(one, suffixes.get(one.owner) ?? "", taken);
    taken.add(name);
    return { ...one, shortName, name, isConfigured: false };
  });
}

/** What tells a database's endpoints from those of one name in another region or account. */
function suffixOf(
  owner: RdsDatabase,
  endpoints: readonly DiscoveredEndpoint[],
  configured: readonly Configured[],
  home: Home,
): string {
  const { region, account } = owner;
  const names = new Set(
    endpoints.filter((one) => one.owner === owner).map(({ name }) => name),
  );
  const ids = new Set(
    endpoints.filter(({ database }) =>
      database.region === region && database.account === account
    ).map(({ endpoint }) => placeId(endpoint?.host)),
  );
  const namesakes = configured.filter(({ name }) => names.has(name))
    .map(({ fields: { host = "" } }) => ({
      region: parseEndpoint(host)?.region ?? region,
      id: placeId(host),
    }));
  const isElsewhere = region !== home.region ||
    namesakes.some((other) => other.region !== region);
  const isOtherAccount = !home.isOwnAccount ||
    namesakes.some(({ region: place, id }) =>
      place === region && id !== undefined && !ids.has(id)
    ) ||
    endpoints.some(({ name, database }) =>
      database.region === region && database.account !== account &&
      names.has(name)
    );
  return [
    ...(isOtherAccount ? [account] : []),
    ...(isElsewhere ? [region] : []),
  ].map((part) => `-${part}`).join("");
}

/** The part of an endpoint's name that RDS gives to an account in a region; a proxy's tells nothing of the others. */
function placeId(host = ""): string | undefined {
  const endpoint = parseEndpoint(host);
  if (endpoint === undefined || endpoint.kind === "proxy") return undefined;
  const [, id = ""] = endpoint.host.split(".");
  return /[^-]*$/.exec(id)?.[0];
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
  { name, word }: DiscoveredEndpoint,
  suffix: string,
  taken: ReadonlySet<string>,
): string {
  const base = `${name}${suffix}`;
  const candidates = [base, `${name}-${word.replaceAll(" ", "-")}${suffix}`];
  for (let number = 2; number < taken.size + 3; number++) {
    candidates.push(`${base}-${number}`);
  }
  return candidates.find((candidate) => !taken.has(candidate)) ?? base;
}
