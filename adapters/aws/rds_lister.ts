import {
  paginateDescribeDBClusters,
  paginateDescribeDBInstances,
  paginateDescribeDBProxies,
  paginateDescribeDBProxyEndpoints,
  paginateDescribeGlobalClusters,
  type RDSClient,
} from "@aws-sdk/client-rds";
import { AwsCallError } from "../../core/aws/call_error.ts";
import type { RdsInventory } from "../../core/rds/database.ts";
import { linkDatabases } from "../../core/rds/link.ts";
import { type AwsCall, awsCall, checkAnswer } from "./call.ts";
import { toCluster, toGlobal, toInstance, toRdsProxy } from "./rds_shapes.ts";

/**
 * Everything of a region, the calls side by side. A call that fails is reported, and leaves the rest as it is.
 *
 * @throws {RdsiamError} `credentials`, when there are none to call with
 */
export async function listRegion(
  client: RDSClient,
  region: string,
  signal: AbortSignal | undefined,
): Promise<RdsInventory> {
  const failures: AwsCallError[] = [];
  async function all<Page extends { Marker?: string | undefined }, Item>(
    action: string,
    pages: AsyncIterable<Page>,
    items: (page: Page) => readonly Item[] | undefined,
  ): Promise<Item[]> {
    const found: Item[] = [];
    const markers = new Set<string>();
    const call = { action: `rds:${action}`, region, signal };
    try {
      await awsCall(call, async () => {
        for await (const page of pages) {
          found.push(...items(checkAnswer(call, page)) ?? []);
          const { Marker: marker } = page;
          if (!marker) continue;
          if (markers.has(marker)) throw repeatedPage(call);
          markers.add(marker);
        }
      });
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      // Not every region knows proxies and global databases.
      if (error.code !== "InvalidAction") failures.push(error);
    }
    return found; // the pages before the one that failed, too
  }
  // The shared handler reads `abortSignal` of every page's call.
  const options = { ...(signal && { abortSignal: signal }) };
  const [instances, clusters, proxies, proxyEndpoints, globals] = await Promise
    .all([
      all(
        "DescribeDBInstances",
        paginateDescribeDBInstances({ client }, {}, options),
        (page) => page.DBInstances,
      ),
      all(
        "DescribeDBClusters",
        paginateDescribeDBClusters({ client }, {}, options),
        (page) => page.DBClusters,
      ),
      all(
        "DescribeDBProxies",
        paginateDescribeDBProxies({ client }, {}, options),
        (page) => page.DBProxies,
      ),
      all(
        "DescribeDBProxyEndpoints",
        paginateDescribeDBProxyEndpoints({ client }, {}, options),
        (page) => page.DBProxyEndpoints,
      ),
      all(
        "DescribeGlobalClusters",
        paginateDescribeGlobalClusters({ client }, {}, options),
        (page) => page.GlobalClusters,
      ),
    ]);
  return {
    region,
    databases: linkDatabases({
      instances: instances.filter(isRds).map(toInstance),
      clusters: clusters.filter(isRds).map(toCluster),
      proxies: proxies.map((proxy) => toRdsProxy(proxy, proxyEndpoints)),
      globals: globals.map(toGlobal),
    }),
    failures,
  };
}

/** A server that goes round in a circle would be asked without end. */
function repeatedPage({ action, region }: AwsCall): AwsCallError {
  return new AwsCallError(
    action,
    "other",
    `AWS repeats its pages of ${action} in ${region}: what it told before is taken`,
    { hint: "Check what AWS_ENDPOINT_URL names: AWS itself does not" },
  );
}

/** The same API tells of DocumentDB's and Neptune's clusters, which are no business of RDS. */
function isRds({ Engine: engine }: { Engine?: string | undefined }): boolean {
  return engine !== "docdb" && engine !== "neptune";
}
