import { atMost } from "../../core/ports/within.ts";
import {
  SCRAM_SALT_BYTES,
  scramVerifier,
} from "../../core/pgwire/scram_server.ts";
import type { AcceptedStream } from "../../core/ports/streams.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Dialer } from "../../core/database/dialer.ts";
import type { Secret } from "../../core/secret.ts";
import type { Target } from "../../core/target/target.ts";
import type { TokenSource } from "../token/token_source.ts";
import { CancelKeys } from "./cancel_keys.ts";
import type { ProxyEvent } from "./events.ts";
import { Quota, RateLimit } from "./limits.ts";
import type { ProxyListener } from "./route.ts";
import { serveClient, type ServePorts } from "./serve_client.ts";
import type { Session } from "./session.ts";
import type { SharedPorts } from "./shared_ports.ts";

/** How many clients may be logging in at once. */
const MAX_HALF_OPEN = 1_000;

/** How a proxy treats its clients. */
export interface ProxyOptions {
  /** What clients log in with, where a listener needs it. */
  password: Secret;
  /** Whether clients choose the database's user. */
  anyUser: boolean;
  /** How many sessions there may be at once. */
  maxConnections: number;
  /** How many logins a second each database is asked for; `Infinity` for no limit. */
  connectRate: number;
}

/** What a proxy needs from outside. */
export interface ProxyPorts {
  clock: Clock;
  tokens: TokenSource;
  dialer: Dialer;
  /** So many random bytes. */
  random: (length: number) => Uint8Array;
  /** Hears what happens. It must not throw. */
  report: (event: ProxyEvent) => void;
  /** Serves a client of MySQL or MariaDB, at a listener that leads there. */
  serveMysql: (
    accepted: AcceptedStream,
    listener: ProxyListener,
    ports: SharedPorts,
  ) => Promise<void>;
}

/** Logs clients in to databases, with a fresh token for each connection. It opens no listener itself. */
export class Proxy {
  readonly #ports: ServePorts;
  readonly #serveMysql: ProxyPorts["serveMysql"];
  readonly #giveUp = new AbortController();
  readonly #clients = new Set<Promise<void>>();

  /** Makes a proxy that serves nobody yet. */
  constructor(options: ProxyOptions, ports: ProxyPorts) {
    const { clock, tokens, dialer, random, report } = ports;
    const { password, anyUser, maxConnections, connectRate } = options;
    this.#serveMysql = ports.serveMysql;
    this.#ports = {
      ...{ clock, tokens, dialer, report, anyUser },
      paceOf: rememberPaces(clock, connectRate),
      verifier: scramVerifier(password, random(SCRAM_SALT_BYTES)),
      halfOpen: new Quota(MAX_HALF_OPEN),
      connections: new Quota(maxConnections),
      cancelKeys: new CancelKeys(),
      sessions: new Set(),
      signal: this.#giveUp.signal,
      nonce: () => btoa(String.fromCharCode(...random(18))),
    };
  }

  /** The open sessions. */
  get sessions(): ReadonlySet<Session> {
    return this.#ports.sessions;
  }

  /** Serves one connection until its end. */
  serve(accepted: AcceptedStream, listener: ProxyListener): void {
    const isPostgres = listener.targets[0]?.target.engine === "postgres";
    const serve = isPostgres ? serveClient : this.#serveMysql;
    const served = serve(accepted, listener, this.#ports)
      .finally(() => this.#clients.delete(served));
    this.#clients.add(served);
  }

  /** Waits so long, in milliseconds, for the clients to leave by themselves, then ends what is left. */
  async drain(ms: number, signal: AbortSignal): Promise<void> {
    await atMost(this.#ports.clock, ms, this.#allGone(), signal);
    await this.close();
  }

  /** Ends every session and every login that is under way. */
  async close(): Promise<void> {
    this.#giveUp.abort();
    for (const session of this.#ports.sessions) session.end();
    await this.#allGone();
  }

  async #allGone() {
    while (this.#clients.size > 0) await Promise.all(this.#clients);
  }
}

/** Each database has its own pace, whatever users and databases of it the targets name. */
function rememberPaces(
  clock: Clock,
  perSecond: number,
): (target: Target) => RateLimit {
  const paces = new Map<string, RateLimit>();
  return ({ host, port }) => {
    const key = `${host}:${port}`;
    const pace = paces.get(key) ?? new RateLimit(clock, perSecond);
    paces.set(key, pace);
    return pace;
  };
}
