/**
 * Those of the hosts of a name's accounts that are for an address, the one first that the server takes: the most specific
 * (MySQL manual, "Access Control, Stage 1"; MariaDB sorts alike).
 *
 * @param clientHost the address of a client, as the server sees it
 */
export function hostsFor<Account extends { host: string }>(
  accounts: readonly Account[],
  clientHost: string,
): Account[] {
  return accounts.filter(({ host }) => isFor(host, clientHost))
    .sort((one, other) => rank(other.host) - rank(one.host));
}

/** Whether an account's host, which may be a pattern, is an address; a net counts as all of them. */
function isFor(host: string, address: string): boolean {
  if (host.includes("/") || host === "") return true;
  const pattern = host.toLowerCase().replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replaceAll("%", ".*").replaceAll("_", ".");
  return new RegExp(`^${pattern}$`, "s").test(address.toLowerCase());
}

/** How specific a host is: up to its first wildcard, or all of it. */
function rank(host: string): number {
  const wildcard = host.search(/[%_]/);
  if (host === "" || wildcard === 0) return 0;
  if (host.includes("/")) return 1_000;
  return wildcard < 0 ? 10_000 : wildcard;
}
