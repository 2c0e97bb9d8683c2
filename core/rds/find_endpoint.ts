import type { FoundDatabase, RdsDatabase } from "./database.ts";

/** The database among these that a host name is an endpoint of. A cluster's instance leads to its cluster, if it is there. */
export function findEndpoint(
  databases: readonly RdsDatabase[],
  host: string,
): FoundDatabase | undefined {
  const name = host.toLowerCase().replace(/\.$/, "");
  for (const database of databases) {
    const endpoint = database.endpoints.find(({ host }) => host === name);
    if (endpoint === undefined) continue;
    if (database.kind !== "instance") return { endpoint, database };
    const { clusterName, region } = database;
    const cluster = databases.find((one) =>
      one.kind === "cluster" && one.name === clusterName &&
      one.region === region
    );
    return cluster === undefined
      ? { endpoint, database }
      : { endpoint, database: cluster, instance: database };
  }
  return undefined;
}
