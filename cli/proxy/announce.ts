import { basename, dirname } from "node:path";
import type { ListenAddress } from "../../core/ports/streams.ts";
import { ENGINES } from "../../core/engine/engines.ts";
import type { Secret } from "../../core/secret.ts";
import { formatAddress } from "../../core/target/address.ts";
import type { NamedTarget } from "../../core/target/target.ts";
import type { Output } from "../frame/output.ts";
import { formatListenAddress, type PlannedListener } from "./listeners.ts";

/** How listeners are announced. */
export interface AnnounceOptions {
  stdout: Output;
  /** Whether each listener is a JSON line. */
  json: boolean;
  /** The password that was generated, for whoever reads JSON. */
  password: Secret | undefined;
}

/** Tells where each target is to be reached. */
export function announceListeners(
  listeners: readonly PlannedListener[],
  { stdout, json, password }: AnnounceOptions,
): void {
  for (const { targets, address, isShared, needsPassword } of listeners) {
    const listen = formatListenAddress(address);
    for (const entry of targets) {
      const { name, target } = entry;
      const { username } = target;
      const database = isShared
        ? `${target.database}@${name}`
        : target.database;
      const url = localUrl(entry, address, isShared);
      if (!json) {
        stdout.write(`${name}: ${url ?? listen}\n`);
        continue;
      }
      const event = {
        ...{ event: "listening", target: name, listen, username, database },
        ...(url !== undefined && { url }),
        ...(needsPassword && password && { password: password.reveal() }),
      };
      stdout.write(`${JSON.stringify(event)}\n`);
    }
  }
}

/** What whoever connects a client to these listeners should know. */
export function notesForClients(
  listeners: readonly PlannedListener[],
  hasTls: boolean,
): readonly string[] {
  const isMysql = listeners.some(({ targets }) =>
    targets.some(({ target }) => target.engine === "mysql")
  );
  return isMysql && !hasTls
    ? [
      "clients of MariaDB from 11.4 on need --skip-ssl here: they send no password without TLS unless told to",
    ]
    : [];
}

/**
 * The URL that reaches a target through its listener, `undefined` where no URL can: libpq finds a Unix socket by a port,
 * and clients of MySQL read none from a URL.
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
    const [scheme] = ENGINES[target.engine].urlProtocols;
    return `${scheme}://${user}@${formatAddress(host, port)}/${database}`;
  }
  if (address.kind === "fd" || target.engine !== "postgres") return undefined;
  const [, port] = /^\.s\.PGSQL\.(\d+)$/.exec(basename(address.path)) ?? [];
  if (port === undefined) return undefined;
  const folder = encodeURIComponent(dirname(address.path));
  return `postgres://${user}@/${database}?host=${folder}&port=${port}`;
}
