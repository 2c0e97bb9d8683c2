import type { RdsCluster, RdsDatabase, RdsEndpoint } from "./database.ts";

/** What an endpoint leads to, in words for people. */
export type EndpointWord =
  | "instance"
  | "replica"
  | "writer"
  | "reader"
  | "custom"
  | "global writer"
  | "inactive writer"
  | "writer instance"
  | "reader instance"
  | "cluster instance"
  | "proxy"
  | "proxy reader";

/** An endpoint as `targets discover` shows it. */
export interface DiscoveredEndpoint {
  /** What it would be called: the database's name, with what tells its endpoints apart. */
  name: string;
  word: EndpointWord;
  /** What the endpoint leads to. */
  database: RdsDatabase;
  /** Whose resource id policies name: the cluster, for one of its instances. */
  owner: RdsDatabase;
  /** None while it is being created. */
  endpoint?: RdsEndpoint;
  /** Why it cannot be a target, as a clause: `it has no endpoint yet`. */
  obstacle?: string;
}

/** The endpoints of databases, as `linkDatabases` orders them. */
export function discoveredEndpoints(
  databases: readonly RdsDatabase[],
): DiscoveredEndpoint[] {
  const clusters = new Map<string, RdsCluster>();
  for (const one of databases) {
    if (one.kind === "cluster") clusters.set(placeOf(one, one.name), one);
  }
  return databases.flatMap((database): DiscoveredEndpoint[] => {
    const cluster = database.kind === "instance"
      ? clusters.get(placeOf(database, database.clusterName))
      : undefined;
    const common = { database, owner: cluster ?? database };
    if (database.endpoints.length === 0) {
      const word = wordOf(database);
      const obstacle = "it has no endpoint yet";
      return [{ ...common, name: database.name, word, obstacle }];
    }
    return database.endpoints.map((endpoint) => {
      const word = wordOf(database, endpoint);
      const obstacle = obstacleOf(database, word);
      return {
        ...common,
        name: nameOf(database, endpoint),
        word,
        endpoint,
        ...(obstacle !== undefined && { obstacle }),
      };
    });
  });
}

/** A name in its account and region. */
function placeOf({ account, region }: RdsDatabase, name = ""): string {
  return `${account} ${region} ${name}`;
}

function wordOf(database: RdsDatabase, endpoint?: RdsEndpoint): EndpointWord {
  const { kind } = database;
  if (kind === "proxy") {
    return endpoint?.role === "reader" ? "proxy reader" : "proxy";
  }
  if (kind === "instance") {
    if (database.clusterName === undefined) {
      return database.replicaOf === undefined ? "instance" : "replica";
    }
    if (database.isClusterWriter === undefined) return "cluster instance";
    return database.isClusterWriter ? "writer instance" : "reader instance";
  }
  switch (endpoint?.role) {
    case "reader":
      return "reader";
    case "custom":
      return "custom";
    case "global":
      return "global writer";
    default:
      return database.global?.isWriter === false ? "inactive writer" : "writer";
  }
}

function nameOf(database: RdsDatabase, endpoint: RdsEndpoint): string {
  const [label = ""] = endpoint.host.split(".");
  switch (database.kind) {
    case "instance":
      return database.name;
    case "proxy":
      return endpoint.name ?? database.name;
    case "cluster":
      if (endpoint.role === "reader") return `${database.name}-reader`;
      return endpoint.role === "writer" ? database.name : label;
  }
}

function obstacleOf(
  { engine, rdsEngine, ...database }: RdsDatabase,
  word: EndpointWord,
): string | undefined {
  if (engine === undefined) {
    return `rdsiam does not know its engine, ${rdsEngine}`;
  }
  if (word === "custom") {
    return "no token is valid for a custom endpoint; take the reader or an instance";
  }
  if (word !== "inactive writer" || database.kind !== "cluster") return;
  const { name, writerRegion = "another region" } = database.global ?? {};
  return `the writer of global database ${name} is in ${writerRegion}`;
}
