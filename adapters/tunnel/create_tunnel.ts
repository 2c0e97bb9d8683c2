import type { Clock } from "../../core/ports/clock.ts";
import type { TunnelSpec } from "../../core/target/tunnel_spec.ts";
import type { Tunnel } from "../../core/tunnel/ports.ts";
import type { AwsCaller } from "../aws/client_config.ts";

/** What tunnels are made with. */
export interface TunnelOptions {
  environment: Readonly<Record<string, string>>;
  clock: Clock;
  /** Who opens sessions of Systems Manager; asked for where the tunnel needs one. */
  caller: () => Promise<AwsCaller>;
  /** The region of the database, where its bastion is looked for, too. */
  region: string;
}

/** Makes a tunnel; nothing is opened yet. What its kind needs is loaded with it. */
export async function createTunnel(
  spec: TunnelSpec,
  options: TunnelOptions,
): Promise<Tunnel> {
  const { environment } = options;
  switch (spec.kind) {
    case "ssh":
      return (await import("./ssh_tunnel.ts"))
        .createSshTunnel(spec, environment);
    case "socks5":
      return (await import("./socks_tunnel.ts"))
        .createSocksTunnel(spec, environment);
    case "command":
      return (await import("./command_tunnel.ts"))
        .createCommandTunnel(spec, environment);
    case "ssm":
    case "ecs": {
      const { createSsmTunnel } = await import("./ssm/ssm_tunnel.ts");
      const caller = await options.caller();
      return createSsmTunnel({ ...options, spec, caller });
    }
  }
}
