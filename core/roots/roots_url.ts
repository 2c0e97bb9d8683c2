import { isRegion, partitionOf } from "../target/endpoint.ts";

/**
 * Where AWS publishes the roots of RDS, by partition: the hosts that roots may come from, and no others. The isolated
 * partitions publish theirs inside.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 * @see https://docs.amazonaws.cn/en_us/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 */
const HOST_BY_PARTITION: Readonly<Record<string, string>> = {
  "aws": "truststore.pki.rds.amazonaws.com",
  "aws-us-gov": "truststore.pki.us-gov-west-1.rds.amazonaws.com",
  "aws-cn": "rds-truststore.s3.cn-north-1.amazonaws.com.cn",
};

/**
 * The address of the roots that vouch for the database servers of a region.
 *
 * @returns `undefined` for what is no region, or of a partition whose roots are not published
 */
export function rootsUrl(region: string): string | undefined {
  if (!isRegion(region)) return undefined;
  const host = HOST_BY_PARTITION[partitionOf(region)];
  return host && `https://${host}/${region}/${region}-bundle.pem`;
}
