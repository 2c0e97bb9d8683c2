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
