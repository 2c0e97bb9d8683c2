import type { Dialer } from "../../core/database/dialer.ts";
import { isTunnelled, type Tunnels } from "./tunnels.ts";

/**
 * The dialer that reaches targets behind a tunnel through it, and all others as before.
 *
 * @param tunnels makes them, once one is needed
 */
export function dialThrough(
  tunnels: () => Promise<Tunnels>,
  dialer: Dialer,
): Dialer {
  return {
    async dial(target, signal, address) {
      if (!isTunnelled(target)) {
        return await dialer.dial(target, signal, address);
      }
      return await (await tunnels()).through(
        target,
        (near) => dialer.dial(target, signal, address, near),
        { signal, address },
      );
    },
  };
}
