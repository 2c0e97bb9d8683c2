import type { Endpoint, EndpointKind } from "../../target/endpoint.ts";
import { formatAddress } from "../../target/address.ts";
import type { Target } from "../../target/target.ts";
import type { Finding } from "../check.ts";

const KINDS: Readonly<Record<EndpointKind, string>> = {
  instance: "instance",
  cluster: "cluster writer",
  reader: "cluster reader",
  custom: "custom endpoint",
  proxy: "RDS Proxy",
  "shard-group": "shard group",
  global: "global writer",
};

/**
 * What the endpoint is, and how it is reached.
 *
 * @param given the host as it was given, which may be an alias
 */
export function describeEndpoint(
  { kind, host }: Endpoint,
  { port, connect }: Target,
  given: string | undefined,
): Finding {
  const name = given?.toLowerCase().replace(/\.$/, "");
  const alias = name === undefined || name === host ? "" : `, alias ${name}`;
  const through = connect === undefined
    ? ""
    : `, through ${formatAddress(connect.host, connect.port)}`;
  return {
    status: "ok",
    detail: `${KINDS[kind]} ${formatAddress(host, port)}${alias}${through}`,
  };
}
