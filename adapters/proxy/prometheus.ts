import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** What one target's clients do at this moment, and have done. */
export interface TargetReading {
  /** What the target is called. */
  target: string;
  /** Open sessions. */
  connections: number;
  /** Bytes from clients since the start. */
  fromClient: number;
  /** Bytes from the database since the start. */
  fromUpstream: number;
  /** How old the token is, in seconds, where there is one. */
  tokenAgeSeconds: number | undefined;
  /** How its tunnel is; `undefined` where it has none. */
  tunnel: "idle" | "opening" | "up" | "down" | undefined;
}

/** The metrics of a proxy. */
export interface ProxyMetrics {
  /** A login came to this: `ok`, or why it did not. */
  login(target: string, result: string): void;
  /** How long connecting to the database and logging in there took, in seconds. */
  upstream(target: string, connect: number, login: number): void;
  /** A cancel request was carried. */
  cancel(): void;
  /** The text that Prometheus reads, and its type. */
  render(): Promise<{ body: string; contentType: string }>;
}

/** From a login on the same machine to one that is given up. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * Makes the metrics of a proxy.
 *
 * @param read what is read when Prometheus asks, rather than pushed
 */
export function createProxyMetrics(read: () => TargetReading[]): ProxyMetrics {
  const registry = new Registry();
  const registers = [registry];
  function histogram(name: string, help: string) {
    return new Histogram({
      ...{ name, help, labelNames: ["target"], buckets: BUCKETS, registers },
    });
  }
  const logins = new Counter({
    name: "rdsiam_proxy_logins_total",
    help: "Logins of clients, by what came of them",
    labelNames: ["target", "result"],
    registers,
  });
  const connects = histogram(
    "rdsiam_proxy_upstream_connect_seconds",
    "Connecting to the database and verifying it",
  );
  const upstreamLogins = histogram(
    "rdsiam_proxy_upstream_login_seconds",
    "Logging in to the database, once connected",
  );
  const cancels = new Counter({
    name: "rdsiam_proxy_cancel_requests_total",
    help: "Cancel requests that were carried to the database",
    registers,
  });
  new Gauge({
    name: "rdsiam_proxy_connections",
    help: "Open sessions",
    labelNames: ["target"],
    registers,
    collect() {
      this.reset();
      for (const { target, connections } of read()) {
        this.set({ target }, connections);
      }
    },
  });
  new Counter({
    name: "rdsiam_proxy_bytes_total",
    help: "Bytes carried, from clients and from the database",
    labelNames: ["target", "from"],
    registers,
    collect() {
      this.reset();
      for (const { target, fromClient, fromUpstream } of read()) {
        this.inc({ target, from: "client" }, fromClient);
        this.inc({ target, from: "database" }, fromUpstream);
      }
    },
  });
  new Gauge({
    name: "rdsiam_proxy_token_age_seconds",
    help: "Age of the token that the next login takes",
    labelNames: ["target"],
    registers,
    collect() {
      this.reset();
      for (const { target, tokenAgeSeconds } of read()) {
        if (tokenAgeSeconds !== undefined) {
          this.set({ target }, tokenAgeSeconds);
        }
      }
    },
  });
  new Gauge({
    name: "rdsiam_proxy_tunnel_up",
    help:
      "Whether the tunnel to the database is open; absent until one is needed",
    labelNames: ["target"],
    registers,
    collect() {
      this.reset();
      for (const { target, tunnel } of read()) {
        if (tunnel === undefined || tunnel === "idle") continue;
        this.set({ target }, tunnel === "up" ? 1 : 0);
      }
    },
  });
  return {
    login: (target, result) => logins.inc({ target, result }),
    upstream(target, connect, login) {
      connects.observe({ target }, connect);
      upstreamLogins.observe({ target }, login);
    },
    cancel: () => cancels.inc(),
    async render() {
      return {
        body: await registry.metrics(),
        contentType: registry.contentType,
      };
    },
  };
}
