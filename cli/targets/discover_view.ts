import type { NamedEndpoint } from "../../core/rds/target_names.ts";

/** The head of {@linkcode endpointRow}. */
export const ENDPOINT_HEAD = [
  "NAME",
  "LEADS TO",
  "ENGINE",
  "IAM",
  "STATUS",
  "RESOURCE ID",
  "ENDPOINT",
];

/** An endpoint as cells of a table. */
export function endpointRow(
  { name, word, database, owner, endpoint }: NamedEndpoint,
): string[] {
  const { rdsEngine, engineVersion, iam, status } = database;
  const engine = database.kind === "proxy"
    ? rdsEngine.toLowerCase()
    : rdsEngine;
  return [
    name,
    word,
    engineVersion === undefined ? engine : `${engine} ${engineVersion}`,
    iam === "unsupported" ? "-" : iam,
    status,
    owner.resourceId,
    endpoint === undefined ? "-" : `${endpoint.host}:${endpoint.port}`,
  ];
}

/** An endpoint as `--json` shows it. */
export function endpointDocument(
  one: NamedEndpoint,
): Record<string, unknown> {
  const { name, word, database, owner, endpoint, isConfigured, obstacle } = one;
  return {
    name,
    configured: isConfigured,
    leadsTo: word,
    kind: database.kind,
    identifier: database.name,
    host: endpoint?.host ?? null,
    port: endpoint?.port ?? null,
    engine: database.rdsEngine,
    engineVersion: database.engineVersion ?? null,
    iam: database.iam,
    status: database.status,
    region: database.region,
    account: database.account,
    arn: database.arn,
    resourceId: owner.resourceId,
    masterUsername: database.masterUsername ?? null,
    masterUserSecretArn: database.masterSecretArn ?? null,
    database: database.database ?? null,
    vpcId: database.network.vpcId ?? null,
    securityGroupIds: database.network.securityGroups,
    publiclyAccessible: database.network.isPublic ?? null,
    certificateAuthority: database.kind === "instance"
      ? database.certificateAuthority ?? null
      : null,
    tags: database.tags ?? {},
    ...(database.kind === "cluster" && database.global !== undefined && {
      globalCluster: database.global.name,
      writerRegion: database.global.writerRegion ?? null,
    }),
    ...(obstacle !== undefined && { obstacle }),
  };
}
