import type { ProxyListener } from "../../adapters/proxy_listener.ts";
import type { TlsIdentity } from "../../adapters/net.ts";
import { RdsiamError } from "../../core/errors.ts";
import type { Trust } from "../../core/ports.ts";
import type { Secret } from "../../core/secret.ts";
import type { Target } from "../../core/target/target.ts";
import { DIRECT_TLS_PROTOCOL } from "../../services/negotiate.ts";
import type { ProxyEvent } from "../../services/proxy/events.ts";
import { Proxy } from "../../services/proxy/proxy.ts";
import type { Context } from "../context.ts";
import type { Reporter } from "../output.ts";
import { readTrust } from "../trust.ts";
import type { PlannedDoor } from "./doors.ts";
import type { ProxySettings } from "./settings.ts";

/** What a proxy is started with. */
export interface ProxyStart {
  settings: Omit<ProxySettings, "localAuth" | "drainMs" | "http">;
  doors: readonly PlannedDoor[];
  /** What clients log in with, at doors that need it. */
  password: Secret;
  /** Hears what happens to the clients. */
  report: (event: ProxyEvent) => void;
  context: Context;
  reporter: Reporter;
}

/** A running proxy; disposing of it ends its sessions. */
export interface RunningProxy extends AsyncDisposable {
  /** The doors, with the ports that were free. */
  doors: readonly PlannedDoor[];
  /** How many sessions are open. */
  readonly openSessions: number;
  /** Accepts nobody any more, and waits so many milliseconds for the sessions to end before it ends them. */
  drain(ms: number): Promise<void>;
}

/** Opens the doors of a proxy. */
export async function startProxy(start: ProxyStart): Promise<RunningProxy> {
  const { settings, password, report, context, reporter } = start;
  const [{ createDialer }, { listenForClients }] = await Promise.all([
    import("../../adapters/postgres_dialer.ts"),
    import("../../adapters/proxy_listener.ts"),
  ]);
  const tls = await readIdentity(settings.tls);
  const trustOf = rememberTrust(context, reporter);
  for (const { targets } of start.doors) {
    for (const { target } of targets) await trustOf(target);
  }
  const proxy = new Proxy({ ...settings, password }, {
    clock: context.clock,
    tokens: await context.tokens(),
    dialer: createDialer(trustOf),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    report,
  });
  await using opening = new AsyncDisposableStack();
  const doors: PlannedDoor[] = [];
  const listeners: ProxyListener[] = [];
  for (const door of start.doors) {
    const listener = await listenForClients(
      door.address,
      tls,
      (conn) => proxy.serve(conn, door),
    );
    opening.defer(() => listener.close());
    listeners.push(listener);
    doors.push({ ...door, address: listener.address });
  }
  const running = opening.move();
  return {
    doors,
    get openSessions() {
      return proxy.sessions.size;
    },
    async drain(ms) {
      await running.disposeAsync();
      await proxy.drain(ms, new AbortController().signal);
    },
    async [Symbol.asyncDispose]() {
      await running.disposeAsync();
      await proxy.close();
    },
  };
}

/** Reads the roots of each target once. */
function rememberTrust(
  context: Context,
  reporter: Reporter,
): (target: Target) => Promise<Trust> {
  const known = new Map<string, Promise<Trust>>();
  return (target) => {
    const { sslrootcert, sslmode, region } = target;
    const key = JSON.stringify([sslrootcert, sslmode, region]);
    const trust = known.get(key) ?? readTrust(target, context, reporter);
    known.set(key, trust);
    return trust;
  };
}

async function readIdentity(
  files: ProxySettings["tls"],
): Promise<TlsIdentity | undefined> {
  if (files === undefined) return undefined;
  return {
    certificate: await readPem(files.certificate, "--tls-cert"),
    privateKey: await readPem(files.key, "--tls-key"),
    protocols: [DIRECT_TLS_PROTOCOL],
  };
}

async function readPem(path: string, field: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    throw new RdsiamError(
      "usage",
      `File "${path}" of ${field} cannot be read`,
      {
        cause,
      },
    );
  }
}
