import { parseArn } from "../aws/arn.ts";
import type {
  RdsCluster,
  RdsDatabase,
  RdsEndpoint,
  RdsInstance,
  RdsProxy,
} from "./database.ts";

/** An Aurora global database. */
export interface GlobalDatabase {
  /** Its identifier. */
  name: string;
  /** The endpoint that leads to the writer, whichever region that is in. */
  host?: string;
  members: readonly { clusterArn: string; isWriter: boolean }[];
}

/** What the calls found in one region. */
export interface RegionParts {
  instances: readonly RdsInstance[];
  clusters: readonly RdsCluster[];
  proxies: readonly RdsProxy[];
  globals: readonly GlobalDatabase[];
}

/**
 * Puts together what belongs together: clusters in front of their instances, which take over the cluster's IAM
 * authentication and learn whether they are its writer, and the global databases that clusters are a part of.
 */
export function linkDatabases(parts: RegionParts): RdsDatabase[] {
  const instances = sorted(parts.instances);
  const members = Map.groupBy(instances, ({ clusterName }) => clusterName);
  const clusters = sorted(parts.clusters).map((cluster) =>
    withNetwork(withGlobal(cluster, parts.globals), members.get(cluster.name))
  );
  const names = new Set(clusters.map(({ name }) => name));
  return [
    ...clusters.flatMap((cluster) => [
      cluster,
      ...(members.get(cluster.name) ?? [])
        .map((instance) => memberOf(cluster, instance)),
    ]),
    ...instances.filter(({ clusterName }) =>
      clusterName === undefined || !names.has(clusterName)
    ),
    ...sorted(parts.proxies),
  ];
}

function memberOf(cluster: RdsCluster, instance: RdsInstance): RdsInstance {
  const member = cluster.members.find(({ name }) => name === instance.name);
  return {
    ...instance,
    iam: cluster.iam,
    ...(member !== undefined && { isClusterWriter: member.isWriter }),
  };
}

/** A cluster is in the VPC of its instances, which alone tell. */
function withNetwork(
  cluster: RdsCluster,
  [instance]: readonly RdsInstance[] = [],
): RdsCluster {
  const vpcId = instance?.network.vpcId;
  if (vpcId === undefined) return cluster;
  return { ...cluster, network: { ...cluster.network, vpcId } };
}

function withGlobal(
  cluster: RdsCluster,
  globals: readonly GlobalDatabase[],
): RdsCluster {
  for (const { name, host, members } of globals) {
    const own = members.find(({ clusterArn }) => clusterArn === cluster.arn);
    if (own === undefined) continue;
    const writer = members.find(({ isWriter }) => isWriter);
    const writerRegion = parseArn(writer?.clusterArn ?? "")?.region;
    const port = cluster.endpoints[0]?.port;
    const endpoints: RdsEndpoint[] = own.isWriter && host && port !== undefined
      ? [...cluster.endpoints, {
        role: "global",
        host: host.toLowerCase(),
        port,
      }]
      : [...cluster.endpoints];
    return {
      ...cluster,
      endpoints,
      global: {
        name,
        isWriter: own.isWriter,
        ...(writerRegion !== undefined && { writerRegion }),
      },
    };
  }
  return cluster;
}

function sorted<T extends { name: string }>(databases: readonly T[]): T[] {
  return databases.toSorted((a, b) => a.name < b.name ? -1 : 1);
}
