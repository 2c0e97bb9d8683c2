import { errorMessage, RdsiamError } from "../../core/errors.ts";
import type { Trust } from "../../core/roots/trust.ts";
import type { Secret } from "../../core/secret.ts";
import type { Target } from "../../core/target/target.ts";
import type { ProxyEvent } from "../../services/proxy/events.ts";
import { dialThrough } from "../../services/tunnel/dial_through.ts";
import { Proxy } from "../../services/proxy/proxy.ts";
import type { Session } from "../../services/proxy/session.ts";
import {
  isRdsProxyEndpoint,
  readTrust,
  type RootsContext,
} from "../roots/trust.ts";
import type { Context } from "../frame/context.ts";
import type { PlannedListener } from "./listeners.ts";
import { MysqlServing } from "./mysql.ts";
import type { ProxySettings } from "./settings.ts";
import { readIdentity } from "./tls_identity.ts";
import { describeTunnel } from "../../core/target/tunnel_spec.ts";
import type { Tunnels } from "../../services/tunnel/tunnels.ts";

/** What a proxy needs from outside. */
export type ProxyContext = Pick<
  Context,
  "clock" | "environment" | "tokens" | "regionRoots" | "tunnels"
>;

/** What a proxy is started with. */
export interface ProxyStart {
  settings: Omit<ProxySettings, "drainMs" | "http">;
  listeners: readonly PlannedListener[];
  /** What clients log in with, at listeners that need it. */
  password: Secret;
  /** Hears what happens to the clients. */
  report: (event: ProxyEvent) => void;
  context: ProxyContext;
}

/** A running proxy; disposing of it ends its sessions. */
export interface RunningProxy extends AsyncDisposable {
  /** The listeners, with the ports that were free. */
  readonly listeners: readonly PlannedListener[];
  /** The open sessions. */
  readonly sessions: ReadonlySet<Session>;
  /**
   * Puts other listeners in the place of these; sessions go on.
   *
   * @returns the listeners that were not there before
   * @throws {RdsiamError} when the roots of a target cannot be read, and nothing has changed; or when a listener cannot be
   * opened, and the others are
   */
  replace(
    listeners: readonly PlannedListener[],
  ): Promise<readonly PlannedListener[]>;
  /** Accepts nobody any more, and waits so many milliseconds for the sessions to end before it ends them. */
  drain(ms: number): Promise<void>;
}

/**
 * Opens the listeners of a proxy.
 *
 * @throws {RdsiamError} `usage` or `failed`, when a file cannot be read or a listener not be opened
 */
export async function startProxy(start: ProxyStart): Promise<RunningProxy> {
  const { settings, password, report, context } = start;
  const [{ createDialer }, { ListenerSet }] = await Promise.all([
    import("../../adapters/postgres/dialer.ts"),
    import("./listener_set.ts"),
  ]);
  const tls = await readIdentity(settings.tls);
  let trustOf = rememberTrust(context);
  const tunnels = keepTunnels(context, report);
  const mysql = new MysqlServing({
    ...{ password, tls, context: { ...context, tunnels } },
    trustOf: (target) => trustOf(target),
  });
  const proxy = new Proxy({ ...settings, password }, {
    clock: context.clock,
    tokens: await context.tokens(),
    dialer: dialThrough(
      tunnels,
      createDialer((target) => trustOf(target), context.environment),
    ),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    report,
    serveMysql: mysql.serve,
  });
  const listeners = new ListenerSet({
    identityOf: async (listener) =>
      listener.targets[0]?.target.engine === "postgres"
        ? tls
        : await mysql.identityOf(listener),
    localAuth: settings.localAuth,
    serve: (client, listener) => proxy.serve(client, listener),
  });
  async function replace(planned: readonly PlannedListener[]) {
    const newTrustOf = rememberTrust(context);
    for (const { targets } of planned) {
      for (const { target } of targets) await newTrustOf(target);
    }
    trustOf = newTrustOf;
    return await listeners.replace(planned);
  }
  try {
    await replace(start.listeners);
  } catch (error) {
    await listeners[Symbol.asyncDispose]();
    throw error;
  }
  return {
    get listeners() {
      return listeners.listeners;
    },
    sessions: proxy.sessions,
    replace,
    async drain(ms) {
      await listeners[Symbol.asyncDispose]();
      await proxy.drain(ms, new AbortController().signal);
    },
    async [Symbol.asyncDispose]() {
      await listeners[Symbol.asyncDispose]();
      await proxy.close();
    },
  };
}

/** Reads the roots of each target once. */
function rememberTrust(
  context: RootsContext,
): (target: Target) => Promise<Trust> {
  const known = new Map<string, Promise<Trust>>();
  return (target) => {
    const { sslrootcert, sslmode, region } = target;
    const key = JSON.stringify([
      sslrootcert,
      sslmode,
      region,
      isRdsProxyEndpoint(target),
    ]);
    const trust = known.get(key) ?? readTrust(target, context);
    known.set(key, trust);
    return trust;
  };
}

/** Makes the tunnels of a proxy, which opens those that break again, and tells of that. */
export function keepTunnels(
  context: Pick<Context, "tunnels">,
  report: (event: ProxyEvent) => void,
): () => Promise<Tunnels> {
  return async () => {
    const tunnels = await context.tunnels();
    tunnels.isKept = true;
    tunnels.changed = ({ tunnel }, state) => {
      if (state.kind !== "up" && state.kind !== "down") return;
      const error = state.kind === "down" ? state.error : undefined;
      report({
        kind: "tunnel",
        tunnel: describeTunnel(tunnel),
        state: state.kind,
        why: error === undefined ? undefined : errorMessage(error),
        hint: error instanceof RdsiamError ? error.hint : undefined,
      });
    };
    return tunnels;
  };
}
