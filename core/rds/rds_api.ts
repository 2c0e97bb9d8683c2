import type {
  FoundDatabase,
  RdsCluster,
  RdsDatabase,
  RdsInstance,
  RdsInventory,
  RdsProxy,
} from "./database.ts";

/** What the RDS API knows, for one identity. Every call may throw {@linkcode RdsiamError} `credentials` besides. */
export interface RdsApi {
  /**
   * Everything of a region, all pages. What one call refuses is in `failures`, and does not hide the rest.
   *
   * @throws {RdsiamError} `credentials`, when there are none to call with
   */
  list(region: string, signal?: AbortSignal): Promise<RdsInventory>;
  /**
   * The database that an endpoint belongs to, looked up by the name that the endpoint's name begins with.
   *
   * @param region where to ask; for a global database's writer endpoint, any region of one of its members
   * @returns `undefined` when this account has none of this name there
   * @throws {AwsCallError} when a call fails
   */
  find(
    host: string,
    region: string,
    signal?: AbortSignal,
  ): Promise<FoundDatabase | undefined>;
  /**
   * Reads an instance, a cluster or a proxy again.
   *
   * @returns `undefined` when it is gone
   * @throws {AwsCallError} when a call fails
   */
  read(
    database: RdsDatabase,
    signal?: AbortSignal,
  ): Promise<RdsDatabase | undefined>;
  /**
   * The databases behind a proxy.
   *
   * @throws {AwsCallError} when a call fails
   */
  behind(
    proxy: RdsProxy,
    signal?: AbortSignal,
  ): Promise<readonly RdsDatabase[]>;
  /**
   * Turns IAM authentication on, at once and not in the maintenance window. It takes minutes: see {@linkcode RdsApi.read}.
   *
   * @param database a cluster, or an instance that belongs to none
   * @throws {AwsCallError} when it is refused
   */
  turnOnIam(
    database: RdsInstance | RdsCluster,
    signal?: AbortSignal,
  ): Promise<void>;
}
