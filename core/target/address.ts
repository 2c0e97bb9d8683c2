import { RdsiamError } from "../errors.ts";

/** A host and, where one was given, a port. */
export interface Address {
  /** A host name or an IP address, without brackets. */
  host: string;
  /** The port, when one was given. */
  port: number | undefined;
}

/**
 * Reads a port number.
 *
 * @param field what to call it in the error, such as `--port`
 * @throws {RdsiamError} `usage`, when it is not a whole number from 1 to 65535
 */
export function parsePort(text: string, field: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port >= 1 && port <= 65535)) {
    throw new RdsiamError("usage", `Port "${text}" of ${field} is not valid`, {
      hint: "Give a whole number from 1 to 65535",
    });
  }
  return port;
}

/**
 * Reads `HOST`, `HOST:PORT`, `[IPV6]:PORT` or a bare IPv6 address.
 *
 * @param field what to call it in the error, such as `--connect`
 * @throws {RdsiamError} `usage`, when it is none of these
 */
export function parseAddress(text: string, field: string): Address {
  const isBareIpv6 = /^[0-9a-f.]*:[0-9a-f.]*:[0-9a-f:.]*$/i.test(text);
  const match = isBareIpv6
    ? [text, text, undefined, undefined] as const
    : /^(?:\[([0-9a-f:.]+)\]|([^\s:/[\]]+))(?::(.*))?$/i.exec(text);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined) {
    throw new RdsiamError(
      "usage",
      `Address "${text}" of ${field} is not valid`,
      {
        hint: "Give HOST, HOST:PORT or [IPV6]:PORT",
      },
    );
  }
  const port = match?.[3];
  return {
    host,
    port: port === undefined ? undefined : parsePort(port, field),
  };
}

/** Writes an address as `HOST:PORT`, an IPv6 host in brackets. */
export function formatAddress(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Whether a host is an IPv4 or IPv6 address rather than a name. */
export function isIpAddress(host: string): boolean {
  return host.includes(":") || /^\d{1,3}(\.\d{1,3}){3}$/.test(host);
}

/** Whether an IP address is this machine's own. */
export function isLoopback(address: string): boolean {
  return /^((::ffff:)?127\.\d+\.\d+\.\d+|::1)$/i.test(address);
}

/** Whether a host can be reached from this machine alone, by its name or address. */
export function isLoopbackHost(host: string): boolean {
  return host === "localhost" || isLoopback(host);
}

/** Whether an IP address leads nowhere from the public Internet (RFC 1918, RFC 6598, RFC 4193). */
export function isPrivate(address: string): boolean {
  return /^10\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|^f[cd][\da-f]{2}:/i
    .test(address);
}

/**
 * Reads the address to listen on, `HOST:PORT`; port 0 stands for a free one.
 *
 * @param field what to call it in the error, such as `--listen`
 * @throws {RdsiamError} `usage`, when it is malformed
 */
export function parseListenAddress(
  text: string,
  field: string,
): { host: string; port: number | undefined } {
  const isFree = /:0$/.test(text);
  const address = parseAddress(isFree ? text.slice(0, -2) : text, field);
  return isFree ? { ...address, port: 0 } : address;
}
