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
 * region's or account's, that is told behind each of them. What shares a name in one place is told apart by what it leads
 * to, and by a number if need be.
 *
 * @param template how names are made instead: `{name}`, `{region}` and `{account}` stand for the parts
 */
export function nameEndpoints(
  endpoints: readonly DiscoveredEndpoint[],
  configured: readonly Configured[],
  home: Home,
  template?: string,
): NamedEndpoint[] {
  const taken = new Set(configured.map(({ name }) => name));
  const byHost = Map.groupBy(
    configured,
    ({ fields: { host = "" } }) => host.toLowerCase().replace(/\.$/, ""),
  );
  const suffixOf = suffixes(endpoints, configured, home);
  return endpoints.map((one) => {
    const shortName = one.name;
    const old = byHost.get(one.endpoint?.host ?? "")?.find(({ fields }) =>
      leadsTo(one, fields)
    );
    if (old !== undefined) {
      return { ...one, shortName, name: old.name, isConfigured: true };
    }
    const [base, suffix] = template === undefined
      ? [shortName, suffixOf(one.owner)]
      : [filled(template, one), ""];
    const name = freeName(base, one.word, suffix, taken);
    taken.add(name);
    return { ...one, shortName, name, isConfigured: false };
  });
}

function filled(template: string, { name, owner }: DiscoveredEndpoint): string {
  const { region, account } = owner;
  const parts: Readonly<Record<string, string>> = { name, region, account };
  return template.replaceAll(/\{(\w+)\}/g, (all, part) => parts[part] ?? all);
}

/** What tells the endpoints of a database from those of one name in another region or account. */
function suffixes(
  endpoints: readonly DiscoveredEndpoint[],
  configured: readonly Configured[],
  home: Home,
): (owner: RdsDatabase) => string {
  const placeOf = ({ region, account }: RdsDatabase) => `${region} ${account}`;
  const ofOwner = Map.groupBy(endpoints, ({ owner }) => owner);
  const ofPlace = Map.groupBy(endpoints, ({ database }) => placeOf(database));
  const ofName = Map.groupBy(
    endpoints,
    ({ name, database }) => `${database.region} ${name}`,
  );
  const idsOf = remembered((place: string) =>
    new Set(ofPlace.get(place)?.map(({ endpoint }) => placeId(endpoint?.host)))
  );
  const accountsOf = remembered((name: string) =>
    new Set(ofName.get(name)?.map(({ database }) => database.account))
  );
  const byName = Map.groupBy(configured, ({ name }) => name);
  return remembered((owner: RdsDatabase) => {
    const { region } = owner;
    const names = new Set(ofOwner.get(owner)?.map(({ name }) => name));
    const namesakes = [...names].flatMap((name) => byName.get(name) ?? [])
      .map(({ fields: { host = "" } }) => ({
        region: parseEndpoint(host)?.region ?? region,
        id: placeId(host),
      }));
    const ids = idsOf(placeOf(owner));
    const isElsewhere = region !== home.region ||
      namesakes.some((other) => other.region !== region);
    const isOtherAccount = !home.isOwnAccount ||
      namesakes.some(({ region: place, id }) =>
        place === region && id !== undefined && !ids.has(id)
      ) ||
      [...names].some((name) => accountsOf(`${region} ${name}`).size > 1);
    return [
      ...(isOtherAccount ? [owner.account] : []),
      ...(isElsewhere ? [region] : []),
    ].map((part) => `-${part}`).join("");
  });
}

/** A function that makes each of its results once. */
function remembered<Key, Value>(
  make: (key: Key) => Value,
): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
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
  name: string,
  word: string,
  suffix: string,
  taken: ReadonlySet<string>,
): string {
  const base = `${name}${suffix}`;
  if (!taken.has(base)) return base;
  const telling = `${name}-${word.replaceAll(" ", "-")}${suffix}`;
  if (!taken.has(telling)) return telling;
  for (let number = 2;; number++) {
    if (!taken.has(`${base}-${number}`)) return `${base}-${number}`;
  }
}
