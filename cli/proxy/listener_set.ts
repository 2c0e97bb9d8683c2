import { listen } from "../../adapters/net/listen.ts";
import type { TlsIdentity } from "../../adapters/net/tls_stream.ts";
import type {
  AcceptedStream,
  ListenAddress,
  Listener,
} from "../../core/ports/streams.ts";
import type { ProxyListener } from "../../services/proxy/route.ts";
import {
  formatListenAddress,
  type PlannedListener,
  refuseOpen,
} from "./listeners.ts";
import type { ProxySettings } from "./settings.ts";

/** How listeners are opened. */
export interface ListenerSetOptions {
  /** How to identify to the clients of a listener, where TLS is offered. */
  identityOf: (listener: PlannedListener) => Promise<TlsIdentity | undefined>;
  localAuth: ProxySettings["localAuth"];
  /** Serves a client that came through a listener. */
  serve: (client: AcceptedStream, listener: ProxyListener) => void;
}

/** A listener that is open. What is behind it may change while it stays. */
interface OpenListener {
  /** What it was planned as, by which it is found again. */
  key: string;
  socket: Listener;
  listener: PlannedListener;
}

/** The listeners of a proxy, which may be replaced while it runs. */
export class ListenerSet implements AsyncDisposable {
  readonly #options: ListenerSetOptions;
  #open: OpenListener[] = [];

  /** Makes a set without listeners. */
  constructor(options: ListenerSetOptions) {
    this.#options = options;
  }

  /** The open listeners, with the ports that were free. */
  get listeners(): PlannedListener[] {
    return this.#open.map(({ listener }) => listener);
  }

  /**
   * Closes the listeners that are not among these, opens those that are new, and puts the new targets behind the others.
   * Sessions go on.
   *
   * @returns the new listeners
   * @throws {RdsiamError} `failed`, when one cannot be opened; the others are
   */
  async replace(
    planned: readonly PlannedListener[],
  ): Promise<PlannedListener[]> {
    const known = new Map(this.#open.map((open) => [open.key, open]));
    const kept = new Set(planned.map(keyOf));
    const gone = this.#open.filter(({ key }) => !kept.has(key));
    await Promise.all(gone.map(({ socket }) => socket.close()));
    this.#open = this.#open.filter(({ key }) => kept.has(key));
    const added: PlannedListener[] = [];
    const failures: unknown[] = [];
    for (const plan of planned) {
      const open = known.get(keyOf(plan));
      if (open !== undefined) {
        open.listener = { ...plan, address: open.listener.address };
        continue;
      }
      try {
        added.push(await this.#add(plan));
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    return added;
  }

  /** Closes every listener; sessions go on. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.replace([]);
  }

  async #add(plan: PlannedListener): Promise<PlannedListener> {
    const { identityOf, localAuth, serve } = this.#options;
    const socket = await listen(
      plan.address,
      await identityOf(plan),
      (client) => serve(client, open.listener),
    );
    const { address } = socket;
    const open = { key: keyOf(plan), socket, listener: { ...plan, address } };
    try {
      refuseOpen(address, localAuth);
    } catch (error) {
      await socket.close();
      throw error;
    }
    this.#open.push(open);
    return open.listener;
  }
}

/** A listener is the same as before when it is at the same address; at a free port, when it is for the same target. */
function keyOf({ address, targets, isShared }: PlannedListener): string {
  const where = formatListenAddress(address);
  return isAnywhere(address) && !isShared
    ? `${where} ${targets[0]?.name}`
    : where;
}

function isAnywhere(address: ListenAddress): boolean {
  return address.kind === "tcp" && address.port === 0;
}
