import {
  DescribeDBClusterEndpointsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBProxiesCommand,
  DescribeDBProxyEndpointsCommand,
  DescribeDBProxyTargetsCommand,
  DescribeGlobalClustersCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import { parseArn } from "../../core/aws/arn.ts";
import { AwsCallError } from "../../core/aws/call_error.ts";
import type { RdsDatabase } from "../../core/rds/database.ts";
import { linkDatabases, type RegionParts } from "../../core/rds/link.ts";
import { parseEndpoint } from "../../core/target/endpoint.ts";
import { awsCall } from "./call.ts";
import { toCluster, toGlobal, toInstance, toRdsProxy } from "./rds_shapes.ts";

const NOTHING: RegionParts = {
  instances: [],
  clusters: [],
  proxies: [],
  globals: [],
};

/** Makes the calls that look single databases up, in one region. What is not there is `undefined`. */
export class RdsFinder {
  readonly #client: RDSClient;
  readonly #region: string;
  readonly #signal: AbortSignal | undefined;
  readonly #elsewhere: (region: string) => RdsFinder;

  /**
   * Makes a finder.
   *
   * @param elsewhere makes the finder of another region
   */
  constructor(
    client: RDSClient,
    region: string,
    signal: AbortSignal | undefined,
    elsewhere: (region: string) => RdsFinder,
  ) {
    this.#client = client;
    this.#region = region;
    this.#signal = signal;
    this.#elsewhere = elsewhere;
  }

  /** The databases that an endpoint's name may belong to: by what the name says that it is. */
  async candidates(host: string): Promise<readonly RdsDatabase[]> {
    const endpoint = parseEndpoint(host);
    const [name = "", second] = host.toLowerCase().split(".");
    switch (endpoint?.kind) {
      case undefined:
        return [];
      case "instance":
        return await this.instance(name);
      case "cluster":
      case "reader":
        return await this.cluster(name);
      case "custom":
        return await this.#customEndpoint(name);
      case "proxy":
        return second === "endpoint"
          ? await this.#proxyEndpoint(name)
          : await this.proxy(name);
      case "global":
        return await this.#global(name);
      case "shard-group": // has an IAM flag on its cluster, which its name does not tell
        return [];
    }
  }

  /** An instance, after the cluster that it belongs to. */
  async instance(name: string): Promise<readonly RdsDatabase[]> {
    const found = await this.#call(
      "DescribeDBInstances",
      (options) =>
        this.#client.send(
          new DescribeDBInstancesCommand({ DBInstanceIdentifier: name }),
          options,
        ),
    );
    const instances = (found?.DBInstances ?? []).map(toInstance);
    const clusterName = instances[0]?.clusterName;
    const clusters = clusterName === undefined
      ? []
      : await this.#clusters(clusterName);
    return linkDatabases({ ...NOTHING, instances, clusters });
  }

  /** A cluster. */
  async cluster(name: string): Promise<readonly RdsDatabase[]> {
    const clusters = await this.#clusters(name);
    return linkDatabases({ ...NOTHING, clusters });
  }

  /** A proxy with all its endpoints. */
  async proxy(name: string): Promise<readonly RdsDatabase[]> {
    const [proxies, endpoints] = await Promise.all([
      this.#call("DescribeDBProxies", (options) =>
        this.#client.send(
          new DescribeDBProxiesCommand({ DBProxyName: name }),
          options,
        )),
      this.#call("DescribeDBProxyEndpoints", (options) =>
        this.#client.send(
          new DescribeDBProxyEndpointsCommand({ DBProxyName: name }),
          options,
        )),
    ]);
    return (proxies?.DBProxies ?? []).map((proxy) =>
      toRdsProxy(proxy, endpoints?.DBProxyEndpoints ?? [])
    );
  }

  /** The databases behind a proxy: clusters, or instances that stand alone. */
  async behind(name: string): Promise<readonly RdsDatabase[]> {
    const found = await this.#call(
      "DescribeDBProxyTargets",
      (options) =>
        this.#client.send(
          new DescribeDBProxyTargetsCommand({ DBProxyName: name }),
          options,
        ),
    );
    const targets = found?.Targets ?? [];
    const clusters = targets.flatMap((one) => one.TrackedClusterId ?? []);
    const instances = targets.flatMap((one) =>
      one.Type === "RDS_INSTANCE" && one.TrackedClusterId === undefined
        ? one.RdsResourceId ?? []
        : []
    );
    const databases = await Promise.all([
      ...[...new Set(clusters)].map((id) => this.cluster(id)),
      ...[...new Set(instances)].map((id) => this.instance(id)),
    ]);
    return databases.flat();
  }

  async #clusters(name: string) {
    const found = await this.#call(
      "DescribeDBClusters",
      (options) =>
        this.#client.send(
          new DescribeDBClustersCommand({ DBClusterIdentifier: name }),
          options,
        ),
    );
    return (found?.DBClusters ?? []).map(toCluster);
  }

  async #customEndpoint(name: string): Promise<readonly RdsDatabase[]> {
    const found = await this.#call(
      "DescribeDBClusterEndpoints",
      (options) =>
        this.#client.send(
          new DescribeDBClusterEndpointsCommand({
            DBClusterEndpointIdentifier: name,
          }),
          options,
        ),
    );
    const cluster = found?.DBClusterEndpoints?.[0]?.DBClusterIdentifier;
    return cluster === undefined ? [] : await this.cluster(cluster);
  }

  async #proxyEndpoint(name: string): Promise<readonly RdsDatabase[]> {
    const found = await this.#call(
      "DescribeDBProxyEndpoints",
      (options) =>
        this.#client.send(
          new DescribeDBProxyEndpointsCommand({ DBProxyEndpointName: name }),
          options,
        ),
    );
    const proxy = found?.DBProxyEndpoints?.[0]?.DBProxyName;
    return proxy === undefined ? [] : await this.proxy(proxy);
  }

  async #global(name: string): Promise<readonly RdsDatabase[]> {
    const found = await this.#call(
      "DescribeGlobalClusters",
      (options) =>
        this.#client.send(
          new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: name }),
          options,
        ),
    );
    const globals = (found?.GlobalClusters ?? []).map(toGlobal);
    const writer = globals[0]?.members.find(({ isWriter }) => isWriter);
    const arn = parseArn(writer?.clusterArn ?? "");
    if (arn === undefined) return [];
    const clusters = await this.#elsewhere(arn.region).#clusters(
      arn.resource.replace(/^cluster:/, ""),
    );
    return linkDatabases({ ...NOTHING, clusters, globals });
  }

  async #call<T>(
    action: string,
    send: (options: { abortSignal?: AbortSignal }) => Promise<T>,
  ): Promise<T | undefined> {
    const signal = this.#signal;
    const call = { action: `rds:${action}`, region: this.#region, signal };
    try {
      return await awsCall(
        call,
        () => send({ ...(signal && { abortSignal: signal }) }),
      );
    } catch (error) {
      const isGone = error instanceof AwsCallError &&
        error.refusal === "not found";
      if (isGone) return undefined;
      throw error;
    }
  }
}
