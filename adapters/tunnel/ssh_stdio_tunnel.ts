import type {
  FarAddress,
  Tunnel,
  TunnelConn,
} from "../../core/tunnel/ports.ts";
import { sshStdioArgs } from "../../core/tunnel/ssh.ts";
import {
  formatTunnel,
  type SshTunnelSpec,
} from "../../core/target/tunnel_spec.ts";
import { startChildConn } from "./child_conn.ts";
import { findSsh } from "./find_ssh.ts";
import { sshError } from "./ssh_error.ts";

/** A tunnel through a bastion with an ssh for each connection, where ssh cannot share one. */
export class StdioTunnel implements Tunnel {
  readonly #spec: SshTunnelSpec;
  readonly #environment: Readonly<Record<string, string>>;

  /** Makes a tunnel that is closed. */
  constructor(
    spec: SshTunnelSpec,
    environment: Readonly<Record<string, string>>,
  ) {
    this.#spec = spec;
    this.#environment = environment;
  }

  async open(): Promise<void> {
    await findSsh(formatTunnel(this.#spec), this.#environment);
  }

  async dial(address: FarAddress): Promise<TunnelConn> {
    const spec = this.#spec;
    const program = await findSsh(formatTunnel(spec), this.#environment);
    return startChildConn(
      [program, ...sshStdioArgs(spec, address)],
      this.#environment,
      ({ code, lines }, hasCarried) =>
        hasCarried && code === 0 ? undefined : sshError(spec, lines),
    );
  }

  broken(): Promise<unknown> {
    return Promise.withResolvers<never>().promise;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}
