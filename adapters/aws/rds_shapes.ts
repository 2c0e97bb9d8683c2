import type {
  DBCluster,
  DBInstance,
  DBProxy,
  DBProxyEndpoint,
  GlobalCluster,
  Tag,
} from "@aws-sdk/client-rds";
import { parseArn } from "../../core/aws/arn.ts";
import { ENGINES } from "../../core/engine/engines.ts";
import type {
  EndpointRole,
  IamState,
  RdsCluster,
  RdsEndpoint,
  RdsInstance,
  RdsProxy,
} from "../../core/rds/database.ts";
import { engineOf } from "../../core/rds/engine.ts";
import type { GlobalDatabase } from "../../core/rds/link.ts";

/** What RDS says of an instance (RDS API, `DBInstance`). */
export function toInstance(raw: DBInstance): RdsInstance {
  const {
    Endpoint: endpoint,
    IAMDatabaseAuthenticationEnabled: isIamOn,
    PendingModifiedValues: pending,
  } = raw;
  return {
    kind: "instance",
    ...common(raw.DBInstanceArn, raw.Engine),
    name: raw.DBInstanceIdentifier ?? "",
    resourceId: raw.DbiResourceId ?? "",
    iam: iamState(
      raw.Engine,
      isIamOn,
      pending?.IAMDatabaseAuthenticationEnabled,
    ),
    status: raw.DBInstanceStatus ?? "",
    endpoints: named("instance", endpoint?.Address, endpoint?.Port),
    network: {
      ...(raw.DBSubnetGroup?.VpcId && { vpcId: raw.DBSubnetGroup.VpcId }),
      securityGroups: securityGroups(raw.VpcSecurityGroups),
      ...(raw.PubliclyAccessible !== undefined && {
        isPublic: raw.PubliclyAccessible,
      }),
    },
    ...tagsOf(raw.TagList),
    ...optional({
      engineVersion: raw.EngineVersion,
      masterUsername: raw.MasterUsername,
      masterSecretArn: raw.MasterUserSecret?.SecretArn,
      database: raw.DBName,
      clusterName: raw.DBClusterIdentifier,
      replicaOf: raw.ReadReplicaSourceDBInstanceIdentifier ??
        raw.ReadReplicaSourceDBClusterIdentifier,
      certificateAuthority: raw.CACertificateIdentifier,
    }),
  };
}

/** What RDS says of a cluster (RDS API, `DBCluster`). */
export function toCluster(raw: DBCluster): RdsCluster {
  const { Port: port, PendingModifiedValues: pending } = raw;
  return {
    kind: "cluster",
    ...common(raw.DBClusterArn, raw.Engine),
    name: raw.DBClusterIdentifier ?? "",
    resourceId: raw.DbClusterResourceId ?? "",
    iam: iamState(
      raw.Engine,
      raw.IAMDatabaseAuthenticationEnabled,
      pending?.IAMDatabaseAuthenticationEnabled,
    ),
    status: raw.Status ?? "",
    endpoints: [
      ...named("writer", raw.Endpoint, port),
      ...named("reader", raw.ReaderEndpoint, port),
      ...(raw.CustomEndpoints ?? []).flatMap((host) =>
        named("custom", host, port)
      ),
    ],
    members: (raw.DBClusterMembers ?? []).map((member) => ({
      name: member.DBInstanceIdentifier ?? "",
      isWriter: member.IsClusterWriter ?? false,
    })),
    network: {
      securityGroups: securityGroups(raw.VpcSecurityGroups),
      ...(raw.PubliclyAccessible !== undefined && {
        isPublic: raw.PubliclyAccessible,
      }),
    },
    ...tagsOf(raw.TagList),
    ...optional({
      engineVersion: raw.EngineVersion,
      masterUsername: raw.MasterUsername,
      masterSecretArn: raw.MasterUserSecret?.SecretArn,
      database: raw.DatabaseName,
    }),
  };
}

/** What RDS says of a proxy (RDS API, `DBProxy`), with its endpoints (`DBProxyEndpoint`). */
export function toRdsProxy(
  raw: DBProxy,
  endpoints: readonly DBProxyEndpoint[],
): RdsProxy {
  const { EngineFamily: family = "" } = raw;
  const engine = engineOf(family);
  // A proxy listens on its engine's usual port (RDS User Guide, "RDS Proxy").
  const port = engine === undefined ? 1433 : ENGINES[engine].defaultPort;
  const further = endpoints.filter((one) =>
    one.DBProxyName === raw.DBProxyName && !one.IsDefault
  );
  const logins: RdsProxy["logins"] = (raw.Auth ?? []).map((auth) => ({
    iam: auth.IAMAuth === "REQUIRED"
      ? "required"
      : auth.IAMAuth === "ENABLED"
      ? "enabled"
      : "disabled",
    ...optional({ username: auth.UserName, secretArn: auth.SecretArn }),
  }));
  const isEndToEndIam = raw.DefaultAuthScheme === "IAM_AUTH";
  const takesTokens = isEndToEndIam ||
    logins.some(({ iam }) => iam !== "disabled");
  return {
    kind: "proxy",
    ...common(raw.DBProxyArn, family),
    name: raw.DBProxyName ?? "",
    resourceId: raw.DBProxyArn?.split(":").at(-1) ?? "",
    iam: takesTokens ? "on" : "off",
    status: raw.Status ?? "",
    endpoints: [
      ...named("writer", raw.Endpoint, port),
      ...further.flatMap((one) =>
        named(
          one.TargetRole === "READ_ONLY" ? "reader" : "writer",
          one.Endpoint,
          port,
        ).map((endpoint) => ({
          ...endpoint,
          ...optional({ name: one.DBProxyEndpointName }),
        }))
      ),
    ],
    network: {
      ...(raw.VpcId && { vpcId: raw.VpcId }),
      securityGroups: raw.VpcSecurityGroupIds ?? [],
    },
    requiresTls: raw.RequireTLS ?? false,
    ...optional({ roleArn: raw.RoleArn }),
    isEndToEndIam,
    logins,
  };
}

/** What RDS says of a global database (RDS API, `GlobalCluster`). */
export function toGlobal(raw: GlobalCluster): GlobalDatabase {
  return {
    name: raw.GlobalClusterIdentifier ?? "",
    ...(raw.Endpoint && { host: raw.Endpoint }),
    members: (raw.GlobalClusterMembers ?? []).map((member) => ({
      clusterArn: member.DBClusterArn ?? "",
      isWriter: member.IsWriter ?? false,
    })),
  };
}

function tagsOf(
  list: readonly Tag[] = [],
): { tags?: Record<string, string> } {
  if (list.length === 0) return {};
  const entries = list.map(({ Key: key = "", Value: value = "" }) => [
    key,
    value,
  ]);
  return { tags: Object.fromEntries(entries) };
}

function common(arnText = "", rdsEngine = "") {
  const arn = parseArn(arnText);
  return {
    arn: arnText,
    partition: arn?.partition ?? "",
    region: arn?.region ?? "",
    account: arn?.account ?? "",
    rdsEngine,
    engine: engineOf(rdsEngine),
  };
}

function iamState(
  engine: string | undefined,
  isOn = false,
  willBeOn = isOn,
): IamState {
  if (engineOf(engine ?? "") === undefined) return "unsupported";
  if (isOn) return willBeOn ? "on" : "turning off";
  return willBeOn ? "turning on" : "off";
}

function named(
  role: EndpointRole,
  host: string | undefined,
  port: number | undefined,
): RdsEndpoint[] {
  if (!host || port === undefined) return [];
  return [{ role, host: host.toLowerCase(), port }];
}

function securityGroups(
  groups: readonly { VpcSecurityGroupId?: string | undefined }[] = [],
): string[] {
  return groups.flatMap(({ VpcSecurityGroupId: id }) => id ?? []);
}

/** The fields that are there. */
function optional<T extends Record<string, string | undefined>>(
  fields: T,
): { [K in keyof T]?: string } {
  const entries = Object.entries(fields).filter(([, value]) => value);
  return Object.fromEntries(entries) as { [K in keyof T]?: string };
}
