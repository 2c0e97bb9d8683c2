import { errorMessage } from "../../core/errors.ts";
import { isTunnelled, type Target } from "../../core/target/target.ts";
import type { LocalAddress, NearEnd } from "../../services/tunnel/tunnels.ts";
import type { Context } from "../frame/context.ts";
import type { Reporter } from "../frame/output.ts";

/**
 * Gives the near end of a target's tunnel to `use`, which connects to it once; `undefined` where there is no tunnel.
 *
 * @throws {TunnelError} when the tunnel does not come up
 */
export async function throughTunnel<Value>(
  target: Target,
  context: Pick<Context, "tunnels">,
  use: (near: LocalAddress | undefined) => Promise<Value>,
): Promise<Value> {
  if (!isTunnelled(target)) return await use(undefined);
  return await (await context.tunnels()).through(target, use);
}

/**
 * Opens the tunnel of a target for clients that dial by themselves; `undefined` where it has none.
 *
 * @throws {TunnelError} when it does not come up
 */
export async function openTunnel(
  target: Target,
  context: Pick<Context, "tunnels">,
  reporter: Reporter,
): Promise<NearEnd | undefined> {
  if (!isTunnelled(target)) return undefined;
  return await (await context.tunnels()).listen(target, (error) => {
    reporter.warn(errorMessage(error));
  });
}
