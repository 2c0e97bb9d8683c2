import type { Clock } from "../../core/ports/clock.ts";
import type { TunnelWay } from "../../core/target/tunnel_way.ts";
import type { Tunnel } from "../../core/tunnel/ports.ts";
import type { AwsCaller } from "../aws/client_config.ts";

/** What tunnels are made with. */
export interface TunnelOptions {
  environment: Readonly<Record<string, string>>;
  clock: Clock;
  /** Who opens sessions of Systems Manager; asked for where the way needs one. */
  caller: () => Promise<AwsCaller>;
  /** The region of the database, where its bastion is looked for, too. */
  region: string;
}

/** Makes the tunnel of a way; nothing is opened yet. What a way needs is loaded with it. */
export async function createTunnel(
  way: TunnelWay,
  options: TunnelOptions,
): Promise<Tunnel> {
  const { environment } = options;
  switch (way.kind) {
    case "ssh":
      return (await import("./ssh_tunnel.ts"))
        .createSshTunnel(way, environment);
    case "socks5":
      return (await import("./socks_tunnel.ts"))
        .createSocksTunnel(way, environment);
    case "command":
      return (await import("./command_tunnel.ts"))
        .createCommandTunnel(way, environment);
    case "ssm":
    case "ecs": {
      const { createSsmTunnel } = await import("./ssm/ssm_tunnel.ts");
      const caller = await options.caller();
      return createSsmTunnel({ ...options, way, caller });
    }
  }
}
