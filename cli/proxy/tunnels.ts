import { errorMessage, RdsiamError } from "../../core/errors.ts";
import { describeTunnel } from "../../core/target/tunnel_spec.ts";
import type { ProxyEvent } from "../../services/proxy/events.ts";
import type { Tunnels } from "../../services/tunnel/tunnels.ts";
import type { Context } from "../frame/context.ts";

/** Makes the tunnels of a proxy, which opens those that break again, and tells of that. */
export function keepTunnels(
  context: Pick<Context, "tunnels">,
  report: (event: ProxyEvent) => void,
): () => Promise<Tunnels> {
  return async () => {
    const tunnels = await context.tunnels();
    tunnels.isKept = true;
    tunnels.changed = ({ tunnel }, state) => {
      if (state.kind !== "up" && state.kind !== "down") return;
      const error = state.kind === "down" ? state.error : undefined;
      report({
        kind: "tunnel",
        tunnel: describeTunnel(tunnel),
        state: state.kind,
        why: error === undefined ? undefined : errorMessage(error),
        hint: error instanceof RdsiamError ? error.hint : undefined,
      });
    };
    return tunnels;
  };
}
