import { atMost } from "../../core/ports/within.ts";
import { systemClock } from "../process/clock.ts";
import { connStream } from "../net/conn_stream.ts";
import { join } from "node:path";
import { TunnelError } from "../../core/tunnel/fault.ts";
import type {
  FarAddress,
  Tunnel,
  TunnelConn,
} from "../../core/tunnel/ports.ts";
import {
  explainSsh,
  sshCheckArgs,
  sshForwardArgs,
} from "../../core/tunnel/ssh.ts";
import {
  formatTunnel,
  type SshTunnelSpec,
} from "../../core/target/tunnel_spec.ts";
import { findSsh } from "./find_ssh.ts";
import { runProgram } from "../process/run_program.ts";
import { StdioTunnel } from "./ssh_stdio_tunnel.ts";
import { sshError } from "./ssh_error.ts";
import { type SshMaster, startSshMaster } from "./ssh_master.ts";

/** How long a shared connection may take to answer an order, in milliseconds. */
const ORDER_MS = 10_000;

/** How long the words of a connection that came to nothing may take to arrive, in milliseconds. */
const WORDS_MS = 500;

/**
 * A tunnel through a bastion, by OpenSSH in the user's own configuration. All connections share one to the bastion: the
 * user's own, where the configuration keeps one, else one that ends with the tunnel. Each address has a socket in a
 * private folder that leads to it, so that bytes are carried by ssh itself.
 */
export function createSshTunnel(
  spec: SshTunnelSpec,
  environment: Readonly<Record<string, string>>,
): Tunnel {
  return Deno.build.os === "windows"
    ? new StdioTunnel(spec, environment) // its OpenSSH cannot share connections
    : new SharedTunnel(spec, environment);
}

class SharedTunnel implements Tunnel {
  readonly #spec: SshTunnelSpec;
  readonly #name: string;
  readonly #environment: Record<string, string>;
  #master: SshMaster | undefined;
  #paths = new Map<string, Promise<string>>();

  constructor(
    spec: SshTunnelSpec,
    environment: Readonly<Record<string, string>>,
  ) {
    this.#spec = spec;
    this.#name = formatTunnel(spec);
    this.#environment = { ...environment };
  }

  async open(signal: AbortSignal): Promise<void> {
    if (this.#master?.isUp) return;
    await this.#close();
    const program = await findSsh(this.#name, this.#environment);
    const isShared = await this.#run([program, ...sshCheckArgs(this.#spec)])
      .then(({ code }) => code === 0, () => false);
    signal.throwIfAborted();
    this.#master = await startSshMaster(
      program,
      { spec: this.#spec, isShared, environment: this.#environment },
      signal,
    );
  }

  async dial(address: FarAddress, signal: AbortSignal): Promise<TunnelConn> {
    if (!this.#master?.isUp) await this.open(signal);
    const master = this.#master;
    if (master === undefined) throw new TypeError("The tunnel is closed");
    const mark = master.mark();
    const path = await this.#socketFor(address, master);
    signal.throwIfAborted();
    const conn = await this.#connect(path, master);
    return {
      stream: connStream(conn),
      failure: (hasCarried) => this.#failure(master, mark, hasCarried),
    };
  }

  broken(): Promise<unknown> {
    const master = this.#master;
    return master === undefined
      ? Promise.withResolvers<never>().promise
      : master.ended.then(() => this.#error(master.linesSince(0)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }

  async #close(): Promise<void> {
    const master = this.#master;
    this.#master = undefined;
    this.#paths = new Map();
    await master?.[Symbol.asyncDispose]();
  }

  async #connect(path: string, master: SshMaster): Promise<Deno.UnixConn> {
    try {
      return await Deno.connect({ transport: "unix", path });
    } catch (cause) {
      throw this.#error(master.linesSince(0), cause);
    }
  }

  #socketFor(address: FarAddress, master: SshMaster): Promise<string> {
    const key = JSON.stringify([address.host, address.port]);
    const known = this.#paths.get(key);
    if (known !== undefined) return known;
    const path = join(master.folder, `${this.#paths.size}.sock`);
    const made = this.#forward(path, address, master);
    this.#paths.set(key, made);
    // What did not come about is tried again.
    made.catch(() => this.#paths.delete(key));
    return made;
  }

  async #forward(
    path: string,
    address: FarAddress,
    master: SshMaster,
  ): Promise<string> {
    const forward = { path, address };
    const { program, socket } = master;
    const args = sshForwardArgs("forward", this.#spec, socket, forward);
    const { code, stderr } = await this.#run([program, ...args]);
    if (code !== 0) {
      throw this.#error([...master.linesSince(0), ...stderr.split("\n")]);
    }
    if (master.isShared) {
      const back = sshForwardArgs("cancel", this.#spec, socket, forward);
      master.onClose(() => this.#run([program, ...back]));
    }
    return path;
  }

  async #failure(
    master: SshMaster,
    mark: number,
    hasCarried: boolean,
  ): Promise<Error | undefined> {
    const explained = () =>
      hasCarried ? undefined : explainSsh(master.linesSince(mark), this.#spec);
    if (master.isUp && explained() === undefined) {
      // Its last words, or its end, may be on their way; of a connection that worked, its end alone explains anything.
      await (hasCarried
        ? atMost(systemClock, WORDS_MS, master.ended)
        : Promise.race([master.ended, master.nextLine(WORDS_MS)]));
    }
    const fault = explained();
    if (fault !== undefined) return new TunnelError(this.#name, fault);
    return master.isUp ? undefined : this.#error(master.linesSince(0));
  }

  #run(command: readonly [string, ...string[]]) {
    return runProgram(command, {
      environment: this.#environment,
      deadlineMs: ORDER_MS,
      outputLimit: 64 * 1024,
    });
  }

  #error(lines: readonly string[], cause?: unknown): TunnelError {
    return sshError(this.#spec, lines, cause);
  }
}
