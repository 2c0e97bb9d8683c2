import { listen } from "../../adapters/net/listen.ts";
import type { TlsIdentity } from "../../adapters/net/tls_stream.ts";
import type {
  AcceptedStream,
  ListenAddress,
  Listener,
} from "../../core/ports/streams.ts";
import type { Door } from "../../services/proxy/route.ts";
import { formatListenAddress, type PlannedDoor, refuseOpen } from "./doors.ts";
import type { ProxySettings } from "./settings.ts";

/** How doors are opened. */
export interface DoorSetOptions {
  /** How to identify to the clients of a door, where TLS is offered. */
  identityOf: (door: PlannedDoor) => Promise<TlsIdentity | undefined>;
  localAuth: ProxySettings["localAuth"];
  /** Serves a client that came through a door. */
  serve: (client: AcceptedStream, door: Door) => void;
}

/** A door that is open. What is behind it may change while it stays. */
interface OpenDoor {
  /** What it was planned as, by which it is found again. */
  key: string;
  listener: Listener;
  door: PlannedDoor;
}

/** The doors of a proxy, which may be replaced while it runs. */
export class DoorSet implements AsyncDisposable {
  readonly #options: DoorSetOptions;
  #open: OpenDoor[] = [];

  /** Makes a set without doors. */
  constructor(options: DoorSetOptions) {
    this.#options = options;
  }

  /** The open doors, with the ports that were free. */
  get doors(): PlannedDoor[] {
    return this.#open.map(({ door }) => door);
  }

  /**
   * Closes the doors that are not among these, opens those that are new, and puts the new targets behind the others.
   * Sessions go on.
   *
   * @returns the new doors
   * @throws {RdsiamError} `failed`, when one cannot be opened; the others are
   */
  async replace(planned: readonly PlannedDoor[]): Promise<PlannedDoor[]> {
    const known = new Map(this.#open.map((open) => [open.key, open]));
    const kept = new Set(planned.map(keyOf));
    const gone = this.#open.filter(({ key }) => !kept.has(key));
    await Promise.all(gone.map(({ listener }) => listener.close()));
    this.#open = this.#open.filter(({ key }) => kept.has(key));
    const added: PlannedDoor[] = [];
    const failures: unknown[] = [];
    for (const plan of planned) {
      const open = known.get(keyOf(plan));
      if (open !== undefined) {
        open.door = { ...plan, address: open.door.address };
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

  /** Closes every door; sessions go on. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.replace([]);
  }

  async #add(plan: PlannedDoor): Promise<PlannedDoor> {
    const { identityOf, localAuth, serve } = this.#options;
    const listener = await listen(
      plan.address,
      await identityOf(plan),
      (client) => serve(client, open.door),
    );
    const { address } = listener;
    const open = { key: keyOf(plan), listener, door: { ...plan, address } };
    try {
      refuseOpen(address, localAuth);
    } catch (error) {
      await listener.close();
      throw error;
    }
    this.#open.push(open);
    return open.door;
  }
}

/** A door is the same as before when it is at the same address; at a free port, when it is for the same target. */
function keyOf({ address, targets, isShared }: PlannedDoor): string {
  const where = formatListenAddress(address);
  return isAnywhere(address) && !isShared
    ? `${where} ${targets[0]?.name}`
    : where;
}

function isAnywhere(address: ListenAddress): boolean {
  return address.kind === "tcp" && address.port === 0;
}
