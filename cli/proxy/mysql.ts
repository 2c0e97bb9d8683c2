import type { TlsIdentity } from "../../adapters/net/tls_stream.ts";
import type { Trust } from "../../core/roots/trust.ts";
import type { Secret } from "../../core/secret.ts";
import type { Target } from "../../core/target/target.ts";
import type { ProxyPorts } from "../../services/proxy/proxy.ts";
import { connectThrough } from "../../services/tunnel/dial_through.ts";
import type { Context } from "../frame/context.ts";
import type { PlannedListener } from "./listeners.ts";

/** How many of a database's connections wait at once for clients that have not said who they are. */
const MAX_UNKNOWN = 16;

/** What serving MySQL and MariaDB takes. */
export interface MysqlServingOptions {
  /** What clients log in with, at listeners that need it. */
  password: Secret;
  /** How to identify to clients, where `--tls-cert` says so. */
  tls: TlsIdentity | undefined;
  trustOf: (target: Target) => Promise<Trust>;
  context: Pick<Context, "clock" | "environment" | "tunnels">;
}

/** Serves clients of MySQL and MariaDB; what that takes is loaded for the first of them. */
export class MysqlServing {
  readonly #options: MysqlServingOptions;
  #ephemeral: Promise<TlsIdentity> | undefined;
  #loaded: Promise<ProxyPorts["serveMysql"]> | undefined;

  /** Makes it; nothing is loaded yet. */
  constructor(options: MysqlServingOptions) {
    this.#options = options;
  }

  /**
   * How a listener's clients are shown who serves them. Clients of MariaDB from 11.4 on send no password without TLS, so there
   * it is always offered, with a certificate that its key proves to know the password by; on MySQL's, whose clients
   * would take it and be slower for it, when `--tls-cert` says so.
   */
  async identityOf(
    { targets }: PlannedListener,
  ): Promise<TlsIdentity | undefined> {
    const { tls } = this.#options;
    if (tls !== undefined) return { ...tls, protocols: [] };
    const isMariadb = targets[0]?.target.engine === "mariadb";
    return isMariadb ? await this.#identity() : undefined;
  }

  /** Serves a client. */
  readonly serve: ProxyPorts["serveMysql"] = async (
    accepted,
    listener,
    shared,
  ) => {
    const serve = await (this.#loaded ??= this.#load());
    await serve(accepted, listener, shared);
  };

  #identity(): Promise<TlsIdentity> {
    return this.#ephemeral ??= (async () => {
      const { createTlsAuthority } = await import(
        "../../adapters/emulator/tls_authority.ts"
      );
      const now = new Date(this.#options.context.clock.now());
      const authority = await createTlsAuthority(["localhost"], now);
      return { ...authority, protocols: [] };
    })();
  }

  async #load(): Promise<ProxyPorts["serveMysql"]> {
    const [{ createMysqlDialer }, { serveMysqlClient }, { Semaphore }] =
      await Promise.all([
        import("../../adapters/mysql/dialer.ts"),
        import("../../services/proxy/mysql/serve_client.ts"),
        import("../../services/proxy/mysql/semaphore.ts"),
      ]);
    const { password, tls, trustOf, context } = this.#options;
    const dialer = connectThrough(
      context.tunnels,
      createMysqlDialer(trustOf, context.environment),
    );
    const identity = tls ?? await this.#ephemeral;
    const fingerprint = identity && await fingerprintOf(identity.certificate);
    const turns = new Map<string, InstanceType<typeof Semaphore>>();
    return (accepted, listener, shared) =>
      serveMysqlClient(accepted, listener, {
        ...{ ...shared, dialer, password, fingerprint },
        random: (length) => crypto.getRandomValues(new Uint8Array(length)),
        semaphoreOf({ host, port }) {
          const key = `${host}:${port}`;
          const known = turns.get(key) ?? new Semaphore(MAX_UNKNOWN);
          turns.set(key, known);
          return known;
        },
      });
  }
}

/** The SHA-256 of the first certificate of a PEM. */
async function fingerprintOf(pem: string): Promise<Uint8Array> {
  const [, base64 = ""] =
    /-----BEGIN CERTIFICATE-----([^-]+)-----END/.exec(pem) ?? [];
  const der = Uint8Array.fromBase64(base64);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", der));
}
