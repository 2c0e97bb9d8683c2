import {
  ModifyDBClusterCommand,
  ModifyDBInstanceCommand,
  RDSClient,
  type RDSClientConfig,
} from "@aws-sdk/client-rds";
import type { RdsApi } from "../../core/rds/rds_api.ts";
import { findEndpoint } from "../../core/rds/find_endpoint.ts";
import { awsCall, serverTime } from "./call.ts";
import { type AwsCaller, clientConfigs } from "./client_config.ts";
import { RdsFinder } from "./rds_finder.ts";
import { listRegion } from "./rds_lister.ts";

/** Makes the RDS API of whoever calls. Connections last no longer than each call. */
export function createRdsApi(caller: AwsCaller): RdsApi {
  /** A client that tells of AWS's clock. */
  function connect(config: RDSClientConfig): RDSClient {
    const client = new RDSClient(config);
    client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const server = serverTime(result.response);
        const local = caller.credentials.clock.now();
        if (server !== undefined) caller.onTime?.({ server, local });
        return result;
      },
      { step: "deserialize", priority: "low" },
    );
    return client;
  }

  async function withClient<T>(
    region: string,
    use: (client: RDSClient) => Promise<T>,
  ): Promise<T> {
    const client = connect((await clientConfigs(caller, "RDS"))(region));
    try {
      return await use(client);
    } finally {
      client.destroy();
    }
  }

  async function withFinder<T>(
    region: string,
    signal: AbortSignal | undefined,
    use: (finder: RdsFinder) => Promise<T>,
  ): Promise<T> {
    const config = await clientConfigs(caller, "RDS");
    using clients = new DisposableStack();
    function finder(region: string): RdsFinder {
      const client = connect(config(region));
      clients.defer(() => client.destroy());
      return new RdsFinder(client, region, signal, finder);
    }
    return await use(finder(region));
  }

  return {
    list: (region, signal) =>
      withClient(region, (client) => listRegion(client, region, signal)),

    find: (host, region, signal) =>
      withFinder(
        region,
        signal,
        async (finder) => findEndpoint(await finder.candidates(host), host),
      ),

    read({ kind, name, arn, region }, signal) {
      return withFinder(region, signal, async (finder) => {
        const found = await finder[kind](name);
        return found.find((database) => database.arn === arn);
      });
    },

    behind: ({ name, region }, signal) =>
      withFinder(region, signal, (finder) => finder.behind(name)),

    async turnOnIam({ kind, name, region }, signal) {
      const settings = {
        EnableIAMDatabaseAuthentication: true,
        ApplyImmediately: true, // else it waits for the maintenance window
      };
      const options = { ...(signal && { abortSignal: signal }) };
      const action = kind === "cluster"
        ? "rds:ModifyDBCluster"
        : "rds:ModifyDBInstance";
      await withClient(
        region,
        (client) =>
          awsCall<unknown>(
            { action, region, signal },
            () =>
              kind === "cluster"
                ? client.send(
                  new ModifyDBClusterCommand({
                    DBClusterIdentifier: name,
                    ...settings,
                  }),
                  options,
                )
                : client.send(
                  new ModifyDBInstanceCommand({
                    DBInstanceIdentifier: name,
                    ...settings,
                  }),
                  options,
                ),
          ),
      );
    },
  };
}
