/** Databases as the RDS API spells them (botocore's `rds/2014-10-31/service-2.json`). */
import type {
  IamState,
  RdsCluster,
  RdsEndpoint,
  RdsInstance,
  RdsNetwork,
  RdsProxy,
} from "../../core/rds/database.ts";
import type { XmlValue } from "./xml.ts";

/** A `DBInstance`. */
export function instanceXml(instance: RdsInstance): XmlValue {
  const [endpoint] = instance.endpoints;
  return {
    DBInstanceIdentifier: instance.name,
    DBInstanceClass: "db.t4g.micro",
    Engine: instance.rdsEngine,
    DBInstanceStatus: instance.status,
    MasterUsername: instance.masterUsername,
    DBName: instance.database,
    Endpoint: endpoint && {
      Address: endpoint.host,
      Port: endpoint.port,
      HostedZoneId: "Z29XKXDKYMONMX",
    },
    AllocatedStorage: 20,
    ...securityGroupsXml(instance.network),
    DBSubnetGroup: {
      DBSubnetGroupName: "default",
      VpcId: instance.network.vpcId,
    },
    PendingModifiedValues: pendingXml(instance.iam),
    ReadReplicaSourceDBInstanceIdentifier: instance.replicaOf,
    EngineVersion: instance.engineVersion,
    PubliclyAccessible: instance.network.isPublic,
    DbInstancePort: 0,
    DBClusterIdentifier: instance.clusterName,
    DbiResourceId: instance.resourceId,
    CACertificateIdentifier: instance.certificateAuthority,
    DBInstanceArn: instance.arn,
    IAMDatabaseAuthenticationEnabled: isOn(instance.iam),
    MasterUserSecret: secretXml(instance.masterSecretArn),
    TagList: tagsXml(instance.tags),
  };
}

/** A `DBCluster`. */
export function clusterXml(cluster: RdsCluster): XmlValue {
  return {
    AllocatedStorage: 1,
    DatabaseName: cluster.database,
    DBClusterIdentifier: cluster.name,
    DBSubnetGroup: "default",
    Status: cluster.status,
    Endpoint: hostOf(cluster.endpoints, "writer"),
    ReaderEndpoint: hostOf(cluster.endpoints, "reader"),
    CustomEndpoints: {
      member: cluster.endpoints
        .filter(({ role }) => role === "custom")
        .map(({ host }) => host),
    },
    Engine: cluster.rdsEngine,
    EngineVersion: cluster.engineVersion,
    Port: cluster.endpoints[0]?.port ?? 5432,
    MasterUsername: cluster.masterUsername,
    DBClusterMembers: {
      DBClusterMember: cluster.members.map(({ name, isWriter }) => ({
        DBInstanceIdentifier: name,
        IsClusterWriter: isWriter,
        DBClusterParameterGroupStatus: "in-sync",
        PromotionTier: 1,
      })),
    },
    ...securityGroupsXml(cluster.network),
    DbClusterResourceId: cluster.resourceId,
    DBClusterArn: cluster.arn,
    TagList: tagsXml(cluster.tags),
    IAMDatabaseAuthenticationEnabled: isOn(cluster.iam),
    PendingModifiedValues: pendingXml(cluster.iam),
    PubliclyAccessible: cluster.network.isPublic,
    GlobalClusterIdentifier: cluster.global?.name,
    MasterUserSecret: secretXml(cluster.masterSecretArn),
  };
}

/** A `DBProxy`. */
export function proxyXml(proxy: RdsProxy): XmlValue {
  return {
    DBProxyName: proxy.name,
    DBProxyArn: proxy.arn,
    Status: proxy.status,
    EngineFamily: proxy.rdsEngine,
    VpcId: proxy.network.vpcId,
    VpcSecurityGroupIds: { member: proxy.network.securityGroups },
    DefaultAuthScheme: proxy.isEndToEndIam ? "IAM_AUTH" : "NONE",
    Auth: {
      member: proxy.logins.map(({ username, iam, secretArn }) => ({
        UserName: username,
        AuthScheme: "SECRETS",
        SecretArn: secretArn,
        IAMAuth: iam.toUpperCase(),
      })),
    },
    RoleArn: `arn:aws:iam::${proxy.account}:role/proxy`,
    Endpoint: proxy.endpoints[0]?.host,
    RequireTLS: proxy.requiresTls,
    IdleClientTimeout: 1800,
  };
}

/** Every `DBProxyEndpoint` of a proxy, the default one first. */
export function proxyEndpointsXml(
  proxy: RdsProxy,
): { name: string; xml: XmlValue }[] {
  return proxy.endpoints.map(({ host, role, name = "default" }, index) => ({
    name,
    xml: {
      DBProxyEndpointName: name,
      DBProxyEndpointArn:
        `arn:aws:rds:${proxy.region}:${proxy.account}:db-proxy-endpoint:prx-endpoint-${index}`,
      DBProxyName: proxy.name,
      Status: "available",
      VpcId: proxy.network.vpcId,
      Endpoint: host,
      TargetRole: role === "reader" ? "READ_ONLY" : "READ_WRITE",
      IsDefault: index === 0,
    },
  }));
}

/** Every `GlobalCluster` that clusters are a part of. */
export function globalsXml(
  clusters: readonly RdsCluster[],
): { name: string; xml: XmlValue }[] {
  const names = new Set(clusters.flatMap(({ global }) => global?.name ?? []));
  return [...names].map((name) => {
    const members = clusters.filter(({ global }) => global?.name === name);
    const writer = members.find(({ global }) => global?.isWriter);
    return {
      name,
      xml: {
        GlobalClusterIdentifier: name,
        GlobalClusterResourceId: `cluster-${name}`,
        GlobalClusterArn: `arn:aws:rds::${
          members[0]?.account
        }:global-cluster:${name}`,
        Status: "available",
        Engine: members[0]?.rdsEngine,
        GlobalClusterMembers: {
          GlobalClusterMember: members.map(({ arn, global }) => ({
            DBClusterArn: arn,
            Readers: { member: [] },
            IsWriter: global?.isWriter,
          })),
        },
        Endpoint: writer && hostOf(writer.endpoints, "global"),
      },
    };
  });
}

/** Every `DBClusterEndpoint` of a cluster. */
export function clusterEndpointsXml(
  cluster: RdsCluster,
): { name: string; xml: XmlValue }[] {
  return cluster.endpoints.filter(({ role }) => role !== "global").map(
    ({ role, host }) => {
      const name = role === "custom" ? host.split(".")[0] ?? "" : "";
      return {
        name,
        xml: {
          DBClusterEndpointIdentifier: name || undefined,
          DBClusterIdentifier: cluster.name,
          Endpoint: host,
          Status: "available",
          EndpointType: role.toUpperCase(),
          CustomEndpointType: role === "custom" ? "READER" : undefined,
        },
      };
    },
  );
}

function hostOf(
  endpoints: readonly RdsEndpoint[],
  wanted: RdsEndpoint["role"],
): string | undefined {
  return endpoints.find(({ role }) => role === wanted)?.host;
}

function securityGroupsXml({ securityGroups }: RdsNetwork) {
  return {
    VpcSecurityGroups: {
      VpcSecurityGroupMembership: securityGroups.map((id) => ({
        VpcSecurityGroupId: id,
        Status: "active",
      })),
    },
  };
}

function secretXml(arn: string | undefined): XmlValue {
  return arn === undefined
    ? undefined
    : { SecretArn: arn, SecretStatus: "active" };
}

function tagsXml(tags: Readonly<Record<string, string>> = {}): XmlValue {
  return {
    Tag: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  };
}

function isOn(iam: IamState): boolean {
  return iam === "on" || iam === "turning off";
}

function pendingXml(iam: IamState): XmlValue {
  if (iam !== "turning on" && iam !== "turning off") return {};
  return { IAMDatabaseAuthenticationEnabled: iam === "turning on" };
}
