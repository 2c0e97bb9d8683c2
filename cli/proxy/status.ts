import { errorMessage } from "../../core/errors.ts";
import { isTunnelled, type NamedTarget } from "../../core/target/target.ts";
import type { ProxyEvent } from "../../services/proxy/events.ts";
import { findNotReady } from "../../services/proxy/readiness.ts";
import { Readings } from "../../services/proxy/readings.ts";
import type { Session } from "../../services/proxy/session.ts";
import type { Context } from "../frame/context.ts";

/** What the pages for monitoring are about. */
export interface StatusOptions {
  address: { host: string; port: number };
  /** The targets that are served now. */
  targets: () => readonly NamedTarget[];
  /** The open sessions. */
  sessions: () => Iterable<Session>;
  /** Whether the proxy has been asked to end. */
  isEnding: () => boolean;
  context: Pick<Context, "clock" | "tokens" | "tunnels">;
}

/** Pages for monitoring, which have to hear what happens. */
export interface Status extends AsyncDisposable {
  port: number;
  record(event: ProxyEvent): void;
}

/** Serves `/livez`, `/readyz` and `/metrics`. */
export async function startStatus(options: StatusOptions): Promise<Status> {
  const { address, targets, sessions, isEnding, context } = options;
  const { clock } = context;
  const tokens = await context.tokens();
  const [{ createProxyMetrics }, { serveStatus }] = await Promise.all([
    import("../../adapters/proxy/prometheus.ts"),
    import("../../adapters/proxy/status_server.ts"),
  ]);
  const tunnels = targets().some(({ target }) => isTunnelled(target))
    ? await context.tunnels()
    : undefined;
  const readings = new Readings();
  const metrics = createProxyMetrics(() => {
    const ages = new Map(
      targets().map(({ name, target }) => {
        const issuedAt = tokens.peek(target)?.issuedAt;
        const age = issuedAt && (clock.now() - issuedAt) / 1000;
        return [name, age];
      }),
    );
    const states = new Map(
      targets().map(({ name, target }) => [
        name,
        tunnels?.stateOf(target)?.kind,
      ]),
    );
    return [...readings.read([...ages.keys()], sessions())].map((
      [target, reading],
    ) => ({
      target,
      ...reading,
      tokenAgeSeconds: ages.get(target),
      tunnel: states.get(target),
    }));
  });
  async function ready() {
    if (isEnding()) return { status: 503, body: "ending\n" };
    const failures = await findNotReady(targets(), tokens, clock);
    const broken = targets().flatMap(({ name, target }) => {
      const state = tunnels?.stateOf(target);
      return state?.kind === "down" ? [{ name, error: state.error }] : [];
    });
    const lines = [...failures, ...broken].map(({ name, error }) =>
      `${name}: ${errorMessage(error)}\n`
    );
    return lines.length === 0
      ? { status: 200, body: "ok\n" }
      : { status: 503, body: lines.join("") };
  }
  const server = serveStatus(address, {
    "/livez": () => Promise.resolve({ status: 200, body: "ok\n" }),
    "/readyz": ready,
    "/metrics": async () => ({ status: 200, ...await metrics.render() }),
  });
  return {
    port: server.port,
    record(event) {
      readings.record(event);
      if (event.kind === "login") {
        metrics.login(event.target, "ok");
        const { target, connectMs, loginMs } = event;
        metrics.upstream(target, connectMs / 1000, loginMs / 1000);
      }
      if (event.kind === "refusal") {
        metrics.login(event.target ?? "", event.reason);
      }
      if (event.kind === "cancel") metrics.cancel();
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
