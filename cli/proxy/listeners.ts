import type { ListenAddress } from "../../core/ports/streams.ts";
import { RdsiamError } from "../../core/errors.ts";
import {
  formatAddress,
  isLoopbackHost,
  parseListenAddress,
} from "../../core/target/address.ts";
import type { NamedTarget } from "../../core/target/target.ts";
import type { ProxyListener } from "../../services/proxy/route.ts";
import type { ProxySettings } from "./settings.ts";

/** A listener, and where it is. */
export interface PlannedListener extends ProxyListener {
  /** Where it listens; port 0 for a free one. */
  address: ListenAddress;
}

/** A free port of loopback. */
const ANYWHERE: ListenAddress = { kind: "tcp", host: "127.0.0.1", port: 0 };

const HOW_TO_LISTEN = "Write it as 127.0.0.1:PORT, unix:PATH or TARGET=ADDRESS";

/**
 * Plans where the targets are listened for: a `--listen` of the target's own name, else those without a name in the
 * order of the targets, else a free port. A single one without a name is for all targets.
 *
 * @throws {RdsiamError} `usage`, when one is malformed or over, or open to other machines by accident
 */
export function planListeners(
  targets: readonly NamedTarget[],
  listens: readonly string[],
  { localAuth }: Pick<ProxySettings, "localAuth">,
): PlannedListener[] {
  const names = targets.map(({ name }) => name);
  const given = listens.map((text) => readListener(text, names));
  const unnamed = given.filter(({ name }) => name === undefined);
  function listener(
    targets: readonly NamedTarget[],
    isShared: boolean,
    address = ANYWHERE,
  ): PlannedListener {
    refuseOpen(address, localAuth);
    const needsPassword = (localAuth ??
      (address.kind === "unix" ? "none" : "password")) === "password";
    return { targets, isShared, needsPassword, address };
  }
  const [only] = unnamed;
  if (targets.length > 1 && given.length === 1 && only !== undefined) {
    refuseShared(targets);
    return [listener(targets, true, only.address)];
  }
  const listeners = targets.map((target) => {
    const named = given.find(({ name }) => name === target.name);
    const { address } = named ?? unnamed.shift() ?? {};
    return listener([target], false, address);
  });
  if (unnamed.length > 0 || given.length > targets.length) {
    throw new RdsiamError(
      "usage",
      `--listen is given ${listens.length} times, and there are ${targets.length} targets`,
      { hint: "Give it once for each target, or once for all of them" },
    );
  }
  return listeners;
}

/**
 * A server of MySQL speaks first: before its client has named a database, by which a target could be chosen.
 *
 * @throws {RdsiamError} `usage`
 */
function refuseShared(targets: readonly NamedTarget[]) {
  const alone = targets.find(({ target }) => target.engine !== "postgres");
  if (alone === undefined) return;
  throw new RdsiamError(
    "usage",
    `Target "${alone.name}" cannot share a --listen: a MySQL endpoint serves one target a port`,
    {
      hint:
        `Give each target its own, such as --listen ${alone.name}=127.0.0.1:3306`,
    },
  );
}

/** Writes an address as `--listen` takes it. */
export function formatListenAddress(address: ListenAddress): string {
  switch (address.kind) {
    case "unix":
      return `unix:${address.path}`;
    case "fd":
      return `fd:${address.fd}`;
    case "tcp":
      return formatAddress(address.host, address.port);
  }
}

function readListener(
  text: string,
  names: readonly string[],
): { name: string | undefined; address: ListenAddress } {
  const name = names.find((name) => text.startsWith(`${name}=`));
  const where = name === undefined ? text : text.slice(name.length + 1);
  if (where.startsWith("unix:")) {
    const path = where.slice("unix:".length);
    if (path === "") throw invalid(text);
    return { name, address: { kind: "unix", path } };
  }
  if (name === undefined && where.includes("=")) {
    throw new RdsiamError(
      "usage",
      `Listener "${text}" of --listen names no target that is served`,
      { hint: `Served: ${names.join(", ")}` },
    );
  }
  const [, fd] = /^fd:(\d{1,4})$/.exec(where) ?? [];
  if (fd !== undefined) {
    return { name, address: { kind: "fd", fd: Number(fd) } };
  }
  const { host, port } = parseListenAddress(where, "--listen");
  if (port === undefined) throw invalid(text);
  return { name, address: { kind: "tcp", host, port } };
}

function invalid(text: string): RdsiamError {
  return new RdsiamError(
    "usage",
    `Address "${text}" of --listen is not valid`,
    { hint: HOW_TO_LISTEN },
  );
}

/**
 * Who opens a database to other machines shall have said so twice.
 *
 * @throws {RdsiamError} `usage`, when `--local-auth password` was not said
 */
export function refuseOpen(
  address: ListenAddress,
  localAuth: ProxySettings["localAuth"],
): void {
  if (address.kind !== "tcp" || isLoopbackHost(address.host)) return;
  if (localAuth === "password") return;
  throw new RdsiamError(
    "usage",
    `Address "${address.host}" of --listen can be reached from other machines`,
    {
      hint: localAuth === "none"
        ? "Use 127.0.0.1, or --local-auth password"
        : "Pass --local-auth password to allow it, and --tls-cert to encrypt it",
    },
  );
}
