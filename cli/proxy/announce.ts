import { basename, dirname } from "node:path";
import { formatAddress } from "../../core/target/address.ts";
import type { ListenAddress } from "../../adapters/proxy_listener.ts";
import type { NamedTarget } from "../../core/target/named_target.ts";

/**
 * The URL that reaches a target through its listener, `undefined` where no URL can: libpq finds a Unix socket by a port.
 *
 * @param isShared whether the database's name chooses the target
 */
export function localUrl(
  { name, target }: NamedTarget,
  address: ListenAddress,
  isShared: boolean,
): string | undefined {
  const user = encodeURIComponent(target.username);
  const database = encodeURIComponent(
    isShared ? `${target.database}@${name}` : target.database,
  );
  if (address.kind === "tcp") {
    const { host, port } = address;
    return `postgres://${user}@${formatAddress(host, port)}/${database}`;
  }
  const [, port] = /^\.s\.PGSQL\.(\d+)$/.exec(basename(address.path)) ?? [];
  if (port === undefined) return undefined;
  const folder = encodeURIComponent(dirname(address.path));
  return `postgres://${user}@/${database}?host=${folder}&port=${port}`;
}
