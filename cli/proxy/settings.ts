import { RdsiamError } from "../../core/errors.ts";
import { readChoice } from "../../core/text/choice.ts";
import { readDuration } from "../../core/text/duration.ts";
import type { CommonOptions } from "../frame/command.ts";
import { parseListenAddress } from "../../core/target/address.ts";
import type { TargetOptions } from "../target/target_options.ts";

/** The options of `proxy`, as given. */
export interface ProxyCommandOptions extends CommonOptions, TargetOptions {
  listen?: string[];
  localAuth?: string;
  localPasswordFile?: string;
  anyUser?: boolean;
  tlsCert?: string;
  tlsKey?: string;
  maxConnections?: string;
  connectRate?: string;
  drain?: string;
  http?: string;
  check?: boolean;
}

/** The options of `proxy`, checked, but for where it listens. */
export interface ProxySettings {
  /** Whether clients must know the local password; `undefined` leaves that to the kind of each listener. */
  localAuth: "none" | "password" | undefined;
  anyUser: boolean;
  /** How many sessions there may be at once. */
  maxConnections: number;
  /** How many logins a second a database is asked for; `Infinity` for no limit. */
  connectRate: number;
  /** How long sessions may go on after the first signal to end, in milliseconds. */
  drainMs: number;
  /** Files of the certificate and key that clients are shown. */
  tls: { certificate: string; key: string } | undefined;
  /** Where `/livez`, `/readyz` and `/metrics` are. */
  http: { host: string; port: number } | undefined;
}

/** Below the 200 new IAM logins a second that RDS takes, which others may need some of. */
export const DEFAULT_CONNECT_RATE = 150;

/** How many sessions there may be at once. */
export const DEFAULT_MAX_CONNECTIONS = 2_000;

/** How long sessions may go on, as `--drain` takes it. */
export const DEFAULT_DRAIN = "30s";

/**
 * Checks the options of `proxy`.
 *
 * @throws {RdsiamError} `usage`, naming the option that is wrong
 */
export function readProxySettings(options: ProxyCommandOptions): ProxySettings {
  return {
    localAuth: options.localAuth === undefined
      ? undefined
      : readChoice(options.localAuth, ["none", "password"], "--local-auth"),
    anyUser: options.anyUser ?? false,
    maxConnections: options.maxConnections === undefined
      ? DEFAULT_MAX_CONNECTIONS
      : readCount(options.maxConnections, "--max-connections", 1),
    connectRate: options.connectRate === undefined
      ? DEFAULT_CONNECT_RATE
      : readCount(options.connectRate, "--connect-rate", 0) || Infinity,
    drainMs: readDuration(options.drain ?? DEFAULT_DRAIN, "--drain"),
    tls: readTls(options),
    http: options.http === undefined ? undefined : readHttp(options.http),
  };
}

function readCount(text: string, field: string, least: number): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (count >= least) return count;
  throw new RdsiamError("usage", `Number "${text}" of ${field} is not valid`, {
    hint: `Give a whole number from ${least}`,
  });
}

function readTls({ tlsCert, tlsKey }: ProxyCommandOptions) {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert !== undefined && tlsKey !== undefined) {
    return { certificate: tlsCert, key: tlsKey };
  }
  throw new RdsiamError(
    "usage",
    tlsCert === undefined
      ? "--tls-key needs --tls-cert"
      : "--tls-cert needs --tls-key",
    { hint: "Name the PEM files of both" },
  );
}

function readHttp(text: string): { host: string; port: number } {
  const { host, port } = parseListenAddress(text, "--http");
  if (port !== undefined) return { host, port };
  throw new RdsiamError("usage", `Address "${text}" of --http has no port`, {
    hint: "Write it as 127.0.0.1:9090",
  });
}
