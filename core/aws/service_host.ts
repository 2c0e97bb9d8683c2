/** The domain of each partition's endpoints, by what its regions begin with (AWS SDK for JavaScript, `partitions.json`). */
const DOMAINS: readonly [prefix: string, domain: string][] = [
  ["cn-", "amazonaws.com.cn"],
  ["us-iso-", "c2s.ic.gov"],
  ["us-isob-", "sc2s.sgov.gov"],
  ["us-isof-", "csp.hci.ic.gov"],
  ["eu-isoe-", "cloud.adc-e.uk"],
  ["eusc-", "amazonaws.eu"],
];

/** The host of a regional service, such as `ssm.eu-west-1.amazonaws.com`. */
export function serviceHost(service: string, region: string): string {
  const [, domain = "amazonaws.com"] =
    DOMAINS.find(([prefix]) => region.startsWith(prefix)) ?? [];
  return `${service}.${region}.${domain}`;
}
