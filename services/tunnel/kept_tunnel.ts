import { unlessAborted } from "../../core/ports/within.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type {
  FarAddress,
  Tunnel,
  TunnelConn,
} from "../../core/tunnel/ports.ts";
import { backoffMs } from "../token/schedule.ts";

/** How a tunnel is. */
export type TunnelState =
  /** Nobody needed it yet. */
  | { kind: "idle" }
  | { kind: "opening" }
  | { kind: "up" }
  /** It did not come up, or has broken. */
  | { kind: "down"; error: unknown };

/** What {@linkcode KeptTunnel} needs from outside. */
export interface KeptTunnelPorts {
  clock: Clock;
  /** Hears of each change. */
  changed: (state: TunnelState) => void;
}

/**
 * A tunnel that opens with its first connection and, where it is to be kept, again after it has broken: at once, then
 * after a wait that grows.
 */
export class KeptTunnel implements AsyncDisposable {
  readonly #tunnel: Tunnel;
  readonly #ports: KeptTunnelPorts;
  readonly #isKept: boolean;
  readonly #end = new AbortController();
  #state: TunnelState = { kind: "idle" };
  #opening: Promise<void> | undefined;

  /** Makes a tunnel that is closed. */
  constructor(tunnel: Tunnel, isKept: boolean, ports: KeptTunnelPorts) {
    this.#tunnel = tunnel;
    this.#isKept = isKept;
    this.#ports = ports;
  }

  /** How it is now. */
  get state(): TunnelState {
    return this.#state;
  }

  /**
   * Connects to an address from the far end, and opens the tunnel first where it is not.
   *
   * @throws {TunnelError} when either does not come about
   */
  async dial(address: FarAddress, signal: AbortSignal): Promise<TunnelConn> {
    await unlessAborted(this.open(), signal);
    signal.throwIfAborted();
    return await this.#tunnel.dial(address, signal);
  }

  /**
   * Opens the tunnel where it is not open; several callers share one try.
   *
   * @throws {TunnelError} when it does not come about
   */
  open(): Promise<void> {
    if (this.#state.kind === "up") return Promise.resolve();
    return this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
  }

  /** Ends it, and all its connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#opening?.catch(() => {});
    await this.#tunnel[Symbol.asyncDispose]();
  }

  async #open(): Promise<void> {
    this.#set({ kind: "opening" });
    try {
      await this.#tunnel.open(this.#end.signal);
    } catch (error) {
      this.#set({ kind: "down", error });
      throw error;
    }
    this.#set({ kind: "up" });
    this.#tunnel.broken().then(async (error) => {
      if (this.#end.signal.aborted) return;
      this.#set({ kind: "down", error });
      if (this.#isKept) await this.#reopen();
    });
  }

  async #reopen(): Promise<void> {
    const { signal } = this.#end;
    for (let failures = 0; !signal.aborted; failures++) {
      if (failures > 0) {
        await this.#ports.clock.sleep(backoffMs(failures), signal);
      }
      // A connection may have needed it meanwhile.
      if (signal.aborted || this.#state.kind === "up") return;
      try {
        return await this.open();
      } catch {
        // The state tells why.
      }
    }
  }

  #set(state: TunnelState) {
    if (this.#end.signal.aborted) return;
    this.#state = state;
    this.#ports.changed(state);
  }
}
