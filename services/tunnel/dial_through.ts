import type { Dialer } from "../../core/database/dialer.ts";
import type { MysqlDialer } from "../../core/database/mysql_dialer.ts";
import { isTunnelled } from "../../core/target/target.ts";
import type { Tunnels } from "./tunnels.ts";

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
        async (near, failure) => ({
          ...await dialer.dial(target, signal, address, near),
          failure,
        }),
        { signal, address },
      );
    },
  };
}

/** The same for a dialer of MySQL. */
export function connectThrough(
  tunnels: () => Promise<Tunnels>,
  dialer: MysqlDialer,
): MysqlDialer {
  return {
    async connect(target, signal) {
      if (!isTunnelled(target)) return await dialer.connect(target, signal);
      return await (await tunnels()).through(
        target,
        async (near, failure) => ({
          ...await dialer.connect(target, signal, near),
          failure,
        }),
        { signal, address: undefined },
      );
    },
  };
}
