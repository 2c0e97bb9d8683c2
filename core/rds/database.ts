import type { AwsCallError } from "../aws/call_error.ts";
import type { EngineName } from "../engine/engine.ts";

/**
 * Whether logins with IAM tokens are on. `unsupported` is for engines that know none. A proxy's is `on` when any of its
 * logins takes tokens.
 */
export type IamState =
  | "on"
  | "off"
  | "turning on"
  | "turning off"
  | "unsupported";

/** What an endpoint leads to: `global` is a global database's writer, wherever that is; `instance` one instance alone. */
export type EndpointRole =
  | "writer"
  | "reader"
  | "custom"
  | "instance"
  | "global";

/** A name to connect to. */
export interface RdsEndpoint {
  role: EndpointRole;
  /** In lower case. */
  host: string;
  port: number;
  /** Its own name, for a proxy's further endpoints. */
  name?: string;
}

/** What matters to whether a database can be reached. */
export interface RdsNetwork {
  /** Unknown for clusters: their instances tell. */
  vpcId?: string;
  /** Ids of its security groups. */
  securityGroups: readonly string[];
  /** Whether its name leads to a public address from outside its VPC; unknown for proxies, which never have one. */
  isPublic?: boolean;
}

/** What RDS knows of an instance, a cluster or a proxy. */
interface RdsResource {
  /** Its identifier, such as `orders`. */
  name: string;
  arn: string;
  partition: string;
  region: string;
  /** The account that owns it, 12 digits. */
  account: string;
  /** What policies name it by: `db-…`, `cluster-…` or `prx-…`. */
  resourceId: string;
  /** RDS's own word: `postgres`, `aurora-postgresql`, `oracle-ee` … A proxy's is its family: `POSTGRESQL` … */
  rdsEngine: string;
  /** The engine as rdsiam calls it; `undefined` for one that it does not know. */
  engine: EngineName | undefined;
  /** Such as `16.4`; proxies have none. */
  engineVersion?: string;
  iam: IamState;
  /** RDS's own word, such as `available`, `creating`, `stopped`. */
  status: string;
  /** None while it is being created. */
  endpoints: readonly RdsEndpoint[];
  /** Who `setup-db` can log in as. */
  masterUsername?: string;
  /** The ARN of the secret that holds the master user's password, where RDS manages it. */
  masterSecretArn?: string;
  /** The database that it was created with. */
  database?: string;
  network: RdsNetwork;
  /** Its tags, where RDS tells them: not of proxies. */
  tags?: Readonly<Record<string, string>>;
}

/** A database instance. */
export interface RdsInstance extends RdsResource {
  kind: "instance";
  /** Identifier of the cluster that it belongs to: whose resource id and IAM authentication count. */
  clusterName?: string;
  /** Whether it is its cluster's writer; `undefined` when it has no cluster, or the cluster could not be read. */
  isClusterWriter?: boolean;
  /** What it is a read replica of. */
  replicaOf?: string;
  /** Its certificate authority, such as `rds-ca-rsa2048-g1`. */
  certificateAuthority?: string;
}

/** An Aurora or Multi-AZ DB cluster. */
export interface RdsCluster extends RdsResource {
  kind: "cluster";
  members: readonly { name: string; isWriter: boolean }[];
  /** The global database that it is a part of. */
  global?: RdsGlobalMembership;
}

/** A cluster's part in an Aurora global database. */
export interface RdsGlobalMembership {
  /** The global cluster's identifier. */
  name: string;
  /** Whether this cluster is the one that is written to. */
  isWriter: boolean;
  /** Region of the cluster that is written to. */
  writerRegion?: string;
}

/** A database proxy of RDS. */
export interface RdsProxy extends RdsResource {
  kind: "proxy";
  requiresTls: boolean;
  /** The ARN of the role that it acts as itself. */
  roleArn?: string;
  /** Whether the proxy itself logs in with tokens, for every user: then no secrets are needed. */
  isEndToEndIam: boolean;
  /** The logins that it has secrets for, and whether their clients log in with tokens. */
  logins: readonly {
    /** The database user, where the description names one; else the secret does. */
    username?: string;
    iam: "disabled" | "enabled" | "required";
    secretArn?: string;
  }[];
}

/** Anything that is logged in to. */
export type RdsDatabase = RdsInstance | RdsCluster | RdsProxy;

/** An endpoint's database: what its IAM policy names, and where IAM authentication is turned on. */
export interface FoundDatabase {
  endpoint: RdsEndpoint;
  /** Never an instance of a cluster: the cluster then. */
  database: RdsDatabase;
  /** The instance that the endpoint leads to, when that one is a cluster's. */
  instance?: RdsInstance;
}

/** All that RDS knows of a region. */
export interface RdsInventory {
  region: string;
  /** Clusters before their instances, the rest by name. */
  databases: readonly RdsDatabase[];
  /** The calls that failed; what they would have listed is missing. */
  failures: readonly AwsCallError[];
}
