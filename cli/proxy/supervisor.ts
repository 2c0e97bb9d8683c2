import { errorMessage } from "../../core/errors.ts";
import type { Reporter } from "../frame/output.ts";

/** What started this process and keeps it running: systemd, or nobody. */
export interface Supervisor {
  /** The `--listen` of the sockets that it passed; none where it passed none. A socket's name may be a target's. */
  listens(names: readonly string[]): string[];
  /** Tells it about this process. */
  notify(state: string): Promise<void>;
}

/** Finds out what started this process. */
export async function createSupervisor(
  environment: Readonly<Record<string, string | undefined>>,
  reporter: Reporter,
): Promise<Supervisor> {
  const { NOTIFY_SOCKET, LISTEN_FDS } = environment;
  if (!NOTIFY_SOCKET && !LISTEN_FDS) {
    return { listens: () => [], notify: () => Promise.resolve() };
  }
  const { notifySystemd, passedSockets } = await import(
    "../../adapters/proxy/systemd.ts"
  );
  const sockets = passedSockets(environment);
  return {
    listens(names) {
      return sockets.map(({ fd, name }) =>
        names.includes(name) ? `${name}=fd:${fd}` : `fd:${fd}`
      );
    },
    async notify(state) {
      try {
        await notifySystemd(environment, state);
      } catch (error) {
        const why = errorMessage(error);
        reporter.warn(`systemd cannot be notified of ${state}: ${why}`);
      }
    },
  };
}
