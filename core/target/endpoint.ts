/** What an RDS endpoint name leads to. `global` is the writer endpoint of an Aurora global database. */
export type EndpointKind =
  | "instance"
  | "cluster"
  | "reader"
  | "custom"
  | "proxy"
  | "shard-group"
  | "global";

/** What the name of an RDS or Aurora endpoint says by itself. */
export interface Endpoint {
  /** The name in lower case, without a final dot: the form that is signed and verified. */
  host: string;
  /** What the name leads to. */
  kind: EndpointKind;
  /** The AWS partition, as in ARNs: `aws`, `aws-cn`, `aws-us-gov`, `aws-iso` … */
  partition: string;
  /** The region in the name; a global database's writer endpoint has none. */
  region: string | undefined;
}

/** DNS suffixes of the AWS partitions; longer ones before those they end with. */
const DNS_SUFFIXES = [
  "amazonaws.com.cn",
  "api.amazonwebservices.com.cn",
  "amazonaws.com",
  "amazonaws.eu",
  "api.aws",
  "c2s.ic.gov",
  "sc2s.sgov.gov",
  "cloud.adc-e.uk",
  "csp.hci.ic.gov",
];

const REGION = /^[a-z]{2,4}(-[a-z]+){1,2}-\d{1,2}$/;

/** Region prefixes that tell another partition than `aws`. */
const PARTITION_BY_REGION_PREFIX: readonly [string, string][] = [
  ["cn-", "aws-cn"],
  ["us-gov-", "aws-us-gov"],
  ["us-iso-", "aws-iso"],
  ["us-isob-", "aws-iso-b"],
  ["eu-isoe-", "aws-iso-e"],
  ["us-isof-", "aws-iso-f"],
  ["eusc-", "aws-eusc"],
];

/** Prefixes of the label that holds the account's id; longer ones before those they begin with. */
const KIND_BY_ID_PREFIX: readonly [string, EndpointKind][] = [
  ["cluster-custom-", "custom"],
  ["cluster-ro-", "reader"],
  ["cluster-", "cluster"],
  ["proxy-", "proxy"],
  ["shardgrp-", "shard-group"],
  ["global-", "global"],
];

/** Whether a text has the shape of a region's name. */
export function isRegion(text: string): boolean {
  return REGION.test(text);
}

/**
 * The AWS partition that a region belongs to, as ARNs name it.
 *
 * @example
 * ```ts
 * import { partitionOf } from "./endpoint.ts";
 *
 * if (partitionOf("us-gov-west-1") !== "aws-us-gov") throw new Error("wrong partition");
 * ```
 */
export function partitionOf(region: string): string {
  return PARTITION_BY_REGION_PREFIX.find(([prefix]) =>
    region.startsWith(prefix)
  )?.[1] ?? "aws";
}

/**
 * Reads an RDS endpoint name, from the right to the left: a cluster's own name may hold anything, a region's included.
 *
 * Known are the shapes of every partition (`….<region>.rds.amazonaws.com`, China's
 * `….rds.<region>.amazonaws.com.cn` too), `rds-fips` and dual-stack names, and RDS Proxy's further endpoints
 * (`<name>.endpoint.proxy-<id>…`).
 *
 * @returns what the name says, or `undefined` when it is not an RDS endpoint
 *
 * @example
 * ```ts
 * import { parseEndpoint } from "./endpoint.ts";
 *
 * const endpoint = parseEndpoint("orders.cluster-abc123.eu-west-1.rds.amazonaws.com");
 * if (endpoint?.region !== "eu-west-1" || endpoint.kind !== "cluster") throw new Error("not parsed");
 * ```
 */
export function parseEndpoint(host: string): Endpoint | undefined {
  const name = host.toLowerCase().replace(/\.$/, "");
  const suffix = DNS_SUFFIXES.find((suffix) => name.endsWith(`.${suffix}`));
  if (suffix === undefined) return undefined;
  const labels = name.slice(0, -suffix.length - 1).split(".");
  if (labels.some((label) => !/^[a-z0-9_-]+$/.test(label))) return undefined;

  const place = regionOf(labels.splice(-2));
  const id = labels.pop();
  if (place === undefined || id === undefined || labels.length === 0) {
    return undefined;
  }
  const [prefix, kind] =
    KIND_BY_ID_PREFIX.find(([prefix]) => id.startsWith(prefix)) ??
      ["", "instance" as const];
  if (id === prefix) return undefined;
  if ((place === "global") !== (kind === "global")) return undefined;
  const furtherProxyEndpoint = kind === "proxy" && labels.length === 2 &&
    labels[1] === "endpoint";
  if (labels.length !== 1 && !furtherProxyEndpoint) return undefined;

  const region = place === "global" ? undefined : place;
  const partition = region !== undefined
    ? partitionOf(region)
    : suffix.endsWith(".cn")
    ? "aws-cn"
    : "aws";
  return { host: name, kind, partition, region };
}

/** The region of `[<region>, rds]` or `[rds, <region>]`; both orders exist in China. */
function regionOf(labels: string[]): string | undefined {
  const services = ["rds", "rds-fips"];
  const [left = "", right = ""] = labels;
  const region = services.includes(right)
    ? left
    : services.includes(left)
    ? right
    : "";
  return isRegion(region) || region === "global" ? region : undefined;
}
