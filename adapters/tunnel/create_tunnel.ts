import { RdsiamError } from "../../core/errors.ts";
import type { Tunnel } from "../../core/tunnel/ports.ts";
import { formatTunnel, type TunnelWay } from "../../core/target/tunnel_way.ts";

/** Makes the tunnel of a way; nothing is opened yet. What a way needs is loaded with it. */
export async function createTunnel(
  way: TunnelWay,
  environment: Readonly<Record<string, string>>,
): Promise<Tunnel> {
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
    case "ecs":
      throw new RdsiamError(
        "usage",
        `Tunnel ${formatTunnel(way)} cannot be opened yet`,
      );
  }
}
