import { RdsiamError } from "../../core/errors.ts";
import type { Resolver } from "../../core/ports/resolver.ts";
import { isIpAddress } from "../../core/target/address.ts";
import { checkFields } from "../../core/target/check_fields.ts";
import {
  type Endpoint,
  isRegion,
  parseEndpoint,
} from "../../core/target/endpoint.ts";
import {
  formatOrigin,
  type Given,
  type GivenFields,
} from "../../core/target/fields.ts";
import type { Target } from "../../core/target/target.ts";

/** The longest chain of aliases that is followed. */
const MOST_ALIASES = 8;

/** What is meant as an IP address, a zone at its end included, and is no URL. */
const IP_ADDRESS = /^(?:[\d.]+|[\da-f.]*:[\da-f:.]*(?:%\w+)?)$/i;

/** What resolving a target needs from outside. */
export interface ResolveTargetOptions {
  /** Follows aliases. */
  resolver: Resolver;
  /** The region of the environment or of a profile: the last resort, for endpoint names that hold none. */
  defaultRegion: (profile: string | undefined) => Promise<string | undefined>;
  /** Hears of what the user should know. */
  warn: (message: string) => void;
}

/**
 * Makes a target of the given fields: follows an alias to its RDS endpoint and finds the region.
 *
 * @throws {RdsiamError} `usage`, when a field is missing or wrong or the host is not an RDS endpoint; `unreachable`, when DNS
 * does not answer
 */
export async function resolveTarget(
  given: GivenFields,
  options: ResolveTargetOptions,
): Promise<Target> {
  if (given.host === undefined) throw missingHost(given);
  const endpoint = parseEndpoint(given.host.value) ??
    await followAlias(given.host, options.resolver);
  const checked = checkFields(given, endpoint);
  if (given.region?.value === "") {
    throw new RdsiamError(
      "usage",
      `Region of ${formatOrigin(given.region.origin)} is empty`,
    );
  }
  const region = given.region?.value ?? endpoint.region ??
    await options.defaultRegion(given.profile?.value);
  if (region === undefined || region === "") {
    throw new RdsiamError(
      "usage",
      `Region is missing: the endpoint name "${endpoint.host}" holds none`,
      { hint: "Name the primary's region with --region or AWS_REGION" },
    );
  }
  if (!isRegion(region)) {
    throw new RdsiamError("usage", `Region "${region}" is not valid`, {
      hint: "Write it as eu-west-1",
    });
  }
  if (
    given.region !== undefined && endpoint.region !== undefined &&
    endpoint.region !== region
  ) {
    options.warn(
      `Region ${region} of ${
        formatOrigin(given.region.origin)
      } is not the endpoint's, ${endpoint.region}: the database will refuse the token`,
    );
  }
  return { ...checked, region };
}

/** Beside a URL, PGHOST is not read. */
function missingHost(given: GivenFields): RdsiamError {
  const hasUrl = Object.values(given).some(({ origin }) =>
    origin.kind === "url"
  );
  return new RdsiamError(
    "usage",
    "No database is named: the host is missing",
    {
      hint: hasUrl
        ? "Name it in the URL, or pass --host"
        : "Pass --host, a postgres://user@host:port/db URL, or set PGHOST",
    },
  );
}

/**
 * The target with the address to dial as an IP address, which is all that libpq takes as `hostaddr`.
 *
 * @throws {RdsiamError} `unreachable`, when the host of `connect` has no address
 */
export async function pinConnect(
  target: Target,
  resolver: Resolver,
): Promise<Target> {
  const { connect, tunnel } = target;
  if (connect === undefined || isIpAddress(connect.host)) return target;
  // Behind a tunnel, names are looked up at its far end.
  if (tunnel !== undefined) return target;
  const host = await resolver.address(connect.host);
  return { ...target, connect: { ...connect, host } };
}

async function followAlias(
  given: Given,
  resolver: Resolver,
): Promise<Endpoint> {
  const host = given.value;
  refuseAddress(host);
  refuseNoName(given);
  const seen = new Set<string>();
  let name: string | undefined = host.toLowerCase().replace(/\.$/, "");
  while (name !== undefined && !seen.has(name) && seen.size < MOST_ALIASES) {
    seen.add(name);
    name = await resolver.alias(name);
    const endpoint = name === undefined ? undefined : parseEndpoint(name);
    if (endpoint !== undefined) return endpoint;
  }
  throw new RdsiamError(
    "usage",
    `Host "${host}" is not an RDS endpoint, nor an alias of one: no token is valid for it`,
    {
      hint:
        "Pass the endpoint's own name as --host, and what to dial as --connect",
    },
  );
}

function refuseAddress(host: string) {
  const [, name, port] = /^([^:]+):(\d+)$/.exec(host) ?? [];
  if (port !== undefined) {
    throw new RdsiamError("usage", `Host "${host}" holds a port`, {
      hint: `Pass --host ${name} --port ${port}`,
    });
  }
  const what = host.startsWith("/")
    ? "a Unix socket"
    : IP_ADDRESS.test(host) || host.toLowerCase() === "localhost"
    ? "an address"
    : undefined;
  if (what === undefined) return;
  throw new RdsiamError(
    "usage",
    `Host "${host}" is ${what}, and a token is signed for an endpoint's name`,
    {
      hint: `Pass --host ENDPOINT --connect ${
        host.startsWith("/") ? "ADDR:PORT" : host
      }`,
    },
  );
}

/** Refuses what no name server need be asked about. It is not repeated, since a URL may hold a password. */
function refuseNoName({ value, origin }: Given) {
  const refuse = (why: string, hint: string): never => {
    const what = `Host of ${formatOrigin(origin)} ${why}`;
    throw new RdsiamError("usage", what, { hint });
  };
  const one = "Give the name of one endpoint, and nothing else";
  if (value === "") refuse("is empty", one);
  if (value.includes("://")) {
    refuse(
      "is a URL",
      "Pass it as the target instead: postgres://user@host:port/db",
    );
  }
  if (value.includes(",")) refuse("names more than one", one);
  if (/[\s=@:/?#%[\]]/.test(value)) refuse("is no host name", one);
}
