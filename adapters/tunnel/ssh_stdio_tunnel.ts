import type {
  FarAddress,
  Tunnel,
  TunnelConn,
} from "../../core/tunnel/ports.ts";
import { sshStdioArgs } from "../../core/tunnel/ssh.ts";
import { formatTunnel, type SshWay } from "../../core/target/tunnel_way.ts";
import { startChildConn } from "./child_conn.ts";
import { findSsh } from "./find_ssh.ts";
import { sshError } from "./ssh_error.ts";

/** A tunnel through a bastion with an ssh for each connection, where ssh cannot share one. */
export class StdioTunnel implements Tunnel {
  readonly #way: SshWay;
  readonly #environment: Readonly<Record<string, string>>;

  /** Makes a tunnel that is closed. */
  constructor(way: SshWay, environment: Readonly<Record<string, string>>) {
    this.#way = way;
    this.#environment = environment;
  }

  async open(): Promise<void> {
    await findSsh(formatTunnel(this.#way), this.#environment);
  }

  async dial(address: FarAddress): Promise<TunnelConn> {
    const way = this.#way;
    const program = await findSsh(formatTunnel(way), this.#environment);
    return startChildConn(
      [program, ...sshStdioArgs(way, address)],
      this.#environment,
      ({ code, lines }, hasCarried) =>
        hasCarried && code === 0 ? undefined : sshError(way, lines),
    );
  }

  broken(): Promise<unknown> {
    return Promise.withResolvers<never>().promise;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}
