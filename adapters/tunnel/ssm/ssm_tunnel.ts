import { AwsCallError } from "../../../core/aws/call_error.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import {
  type EcsTunnelSpec,
  formatTunnel,
  type SsmTunnelSpec,
} from "../../../core/target/tunnel_spec.ts";
import { unlessAborted } from "../../../core/ports/within.ts";
import { TunnelError } from "../../../core/tunnel/fault.ts";
import type {
  FarAddress,
  Tunnel,
  TunnelConn,
} from "../../../core/tunnel/ports.ts";
import type { AwsCaller } from "../../aws/client_config.ts";
import { findProgram } from "../../process/find_program.ts";
import { findInstance } from "./find_instance.ts";
import { type PluginSession, startPluginSession } from "./plugin_session.ts";
import { SsmApi, type StartedSession } from "./ssm_api.ts";
import { SsmSession } from "./ssm_session.ts";

/** Who opens sessions, and where. */
export interface SsmTunnelOptions {
  spec: SsmTunnelSpec | EcsTunnelSpec;
  caller: AwsCaller;
  region: string;
  clock: Clock;
  environment: Readonly<Record<string, string>>;
}

/** A tunnel by sessions of Systems Manager, one for each address, which its connections share. */
export function createSsmTunnel(options: SsmTunnelOptions): Tunnel {
  return new SsmTunnel(options);
}

type Session = SsmSession | PluginSession;

class SsmTunnel implements Tunnel {
  readonly #options: SsmTunnelOptions;
  readonly #name: string;
  readonly #api: SsmApi;
  readonly #sessions = new Map<string, Promise<Session>>();
  readonly #end = new AbortController();
  #instance: string | undefined;
  #broken = Promise.withResolvers<unknown>();
  /** Whether sessions have to be encrypted, as the first one has shown. */
  #isEncrypted = false;

  constructor(options: SsmTunnelOptions) {
    const { caller, region, spec } = options;
    this.#options = options;
    this.#name = formatTunnel(spec);
    this.#api = new SsmApi(caller, region);
  }

  async open(signal: AbortSignal): Promise<void> {
    this.#broken = Promise.withResolvers();
    this.#instance = await this.#explained(
      findInstance(this.#options.spec, this.#api, signal),
    );
  }

  async dial(address: FarAddress, signal: AbortSignal): Promise<TunnelConn> {
    const session = await unlessAborted(this.#sessionFor(address), signal);
    signal.throwIfAborted();
    if (session === undefined) throw new TypeError("No session was started");
    return await session.dial(signal);
  }

  broken(): Promise<unknown> {
    return this.#broken.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.allSettled(
      sessions.map(async (session) =>
        await (await session)[Symbol.asyncDispose]()
      ),
    );
  }

  #sessionFor(address: FarAddress): Promise<Session> {
    const key = JSON.stringify([address.host, address.port]);
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    const made = this.#start(address, this.#end.signal);
    this.#sessions.set(key, made);
    const forget = () => {
      if (this.#sessions.get(key) === made) this.#sessions.delete(key);
    };
    made.then((session) =>
      session.ended.then((error) => {
        forget();
        if (error instanceof TunnelError) this.#broken.resolve(error);
      }), forget);
    return made;
  }

  async #start(address: FarAddress, signal: AbortSignal): Promise<Session> {
    if (this.#instance === undefined) await this.open(signal);
    const instance = this.#instance ?? "";
    const { environment, caller, region, clock } = this.#options;
    const name = this.#name;
    const start = () =>
      this.#explained(this.#api.startSession(instance, address, signal));
    if (!this.#isEncrypted) {
      const session = new SsmSession({
        ...{ name, api: this.#api, clock, started: await start() },
      });
      try {
        await session.open(signal);
        return session;
      } catch (error) {
        const isEncrypted = error instanceof TunnelError &&
          error.reason === "encrypted";
        if (!isEncrypted) throw error;
        this.#isEncrypted = await findPlugin(environment) !== undefined;
        if (!this.#isEncrypted) throw error;
      }
    }
    const program = await findPlugin(environment) ?? "session-manager-plugin";
    const started: StartedSession = await start();
    return await startPluginSession(started, {
      ...{ name, program, caller, region, instance, address, environment },
      terminate: () =>
        this.#api.terminateSession(started.id, AbortSignal.timeout(3_000)),
    }, signal);
  }

  /** Says what AWS's refusals mean for a tunnel. */
  async #explained<Value>(call: Promise<Value>): Promise<Value> {
    try {
      return await call;
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      const { code, action, refusal, message, hint } = error;
      if (code === "TargetNotConnected") {
        throw new TunnelError(this.#name, {
          reason: "offline",
          why: "it is not online in Systems Manager",
          hint:
            "It needs the SSM agent, the policy AmazonSSMManagedInstanceCore, and a way to the endpoints ssm and ssmmessages; in another region or account, --region and --profile",
        }, error);
      }
      if (refusal === "denied") {
        throw new TunnelError(this.#name, {
          reason: "permission",
          why: message,
          hint: `${
            hint ?? `Allow ${action}`
          }; docs/tunnels.md has the whole policy`,
        }, error);
      }
      throw error;
    }
  }
}

function findPlugin(
  environment: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  return findProgram("session-manager-plugin", environment);
}
