import type {
  AcceptedStream,
  Listener,
  TcpAddress,
} from "../../core/ports/streams.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { dialledAddress } from "../../core/engine/login_target.ts";
import {
  isTunnelled,
  type Target,
  type TunnelledTarget,
} from "../../core/target/target.ts";
import { TunnelError } from "../../core/tunnel/fault.ts";
import { isGreeting } from "../../core/tunnel/greeting.ts";
import type {
  FarAddress,
  Tunnel,
  TunnelConn,
} from "../../core/tunnel/ports.ts";
import { describeTunnel, formatTunnel } from "../../core/target/tunnel_spec.ts";
import { within } from "../../core/ports/within.ts";
import { KeptTunnel, type TunnelState } from "./kept_tunnel.ts";
import { pipe } from "./pipe.ts";

/** An address of this machine. */
export interface LocalAddress {
  host: string;
  port: number;
}

/** What {@linkcode Tunnels} needs from outside. */
export interface TunnelPorts {
  clock: Clock;
  /** Makes the tunnel of a target, which has one. */
  create: (target: TunnelledTarget) => Promise<Tunnel>;
  /** Listens on a free port of loopback. */
  listen: (accept: (client: AcceptedStream) => void) => Listener<TcpAddress>;
}

/** The near end of a tunnel, which clients connect to. */
export interface NearEnd extends AsyncDisposable {
  address: LocalAddress;
}

/** How long a client may take to come to an end that was opened for it, in milliseconds. */
const CLAIM_MS = 10_000;

/** How long a connection that was given up may take to tell why, in milliseconds. */
const FAREWELL_MS = 2_000;

/** How long a connection may take to come about behind the near end, in milliseconds. */
const DIAL_MS = 45_000;

/** The tunnels of this run, each shared by the targets that have it. */
export class Tunnels implements AsyncDisposable {
  readonly #ports: TunnelPorts;
  readonly #tunnels = new Map<string, Promise<KeptTunnel>>();
  readonly #known = new Map<string, KeptTunnel>();
  readonly #end = new AbortController();
  readonly #pipes = new Map<AbortController, Promise<unknown>>();
  /** Whether tunnels that break are opened again before somebody needs them. */
  isKept = false;
  /** Hears of each change. */
  changed: (target: TunnelledTarget, state: TunnelState) => void = () => {};

  /** Makes a set in which nothing is open. */
  constructor(ports: TunnelPorts) {
    this.#ports = ports;
  }

  /** How a target's tunnel is; `undefined` where it has none. */
  stateOf(target: Target): TunnelState | undefined {
    if (!isTunnelled(target)) return undefined;
    return this.#known.get(keyOf(target))?.state ?? { kind: "idle" };
  }

  /**
   * Connects to a target's address from the far end of its tunnel.
   *
   * @throws {TunnelError} when that does not come about
   */
  async dial(
    target: TunnelledTarget,
    signal: AbortSignal,
    address: FarAddress = dialledAddress(target),
  ): Promise<TunnelConn> {
    const tunnel = await this.#tunnelOf(target);
    return await tunnel.dial(address, signal);
  }

  /**
   * Gives a near end to `use`, which is to connect to it once, and a way to ask why it has ended. What `use` throws is replaced by what is wrong with the
   * tunnel, where something is. A target without a tunnel has no near end.
   *
   * @param address dialled by the far end, instead of the target's
   * @throws {TunnelError} when the tunnel does not come up
   */
  async through<Value>(
    target: Target,
    use: (
      near: LocalAddress | undefined,
      failure: () => Promise<Error | undefined>,
    ) => Promise<Value>,
    { signal = this.#end.signal, address }: {
      signal?: AbortSignal;
      address?: FarAddress | undefined;
    } = {},
  ): Promise<Value> {
    if (!isTunnelled(target)) {
      return await use(undefined, () => Promise.resolve(undefined));
    }
    const conn = await this.dial(target, signal, address);
    const client = Promise.withResolvers<AcceptedStream>();
    const listener = this.#ports.listen(client.resolve);
    const { clock } = this.#ports;
    const done = new AbortController();
    const over = new AbortController();
    const unclaimed = clock.sleep(CLAIM_MS, done.signal)
      .then((): undefined => undefined);
    const ended = Promise.race([client.promise, unclaimed])
      .then(async (claim) => {
        done.abort();
        await listener.close();
        if (claim === undefined) return conn.stream.close();
        await this.#pipe(target, claim, conn, over);
      });
    const failure = ended.then(() => undefined, (error) => error);
    try {
      return await use(listener.address, () => conn.failure(true));
    } catch (error) {
      done.abort();
      const cause = await Promise.race([
        failure,
        clock.sleep(FAREWELL_MS, over.signal).then(() => undefined),
      ]);
      over.abort();
      throw cause instanceof TunnelError ? cause : error;
    }
  }

  /**
   * Listens for clients that dial by themselves. The first connection is made at once, so that what is wrong shows
   * before any client is there.
   *
   * @param failed hears why a connection came to nothing
   * @throws {TunnelError} when there is none
   */
  async listen(
    target: TunnelledTarget,
    failed: (error: unknown) => void,
  ): Promise<NearEnd> {
    const { clock } = this.#ports;
    let first: TunnelConn | undefined = await this.#dialInTime(target);
    // A database does not wait for a login for long.
    const discard = () => {
      first?.stream.close();
      first = undefined;
    };
    const done = new AbortController();
    clock.sleep(CLAIM_MS, done.signal).then(discard);
    const listener = this.#ports.listen((client) => {
      const conn = first ?? this.#dialInTime(target);
      first = undefined;
      Promise.resolve(conn)
        .then((conn) => this.#pipe(target, client, conn), (error) => {
          client.stream.close();
          throw error;
        })
        .catch(failed);
    });
    return {
      address: listener.address,
      async [Symbol.asyncDispose]() {
        done.abort();
        discard();
        await listener.close();
      },
    };
  }

  /** Ends every tunnel and what goes through it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    for (const stop of this.#pipes.keys()) stop.abort();
    await Promise.allSettled(this.#pipes.values());
    await Promise.all(
      [...this.#tunnels.values()].map(async (tunnel) =>
        await (await tunnel)[Symbol.asyncDispose]()
      ),
    );
  }

  #dialInTime(target: TunnelledTarget): Promise<TunnelConn> {
    return within(
      this.#ports.clock,
      DIAL_MS,
      () => noAnswer(target),
      (signal) => this.dial(target, signal),
      this.#end.signal,
    );
  }

  #tunnelOf(target: TunnelledTarget): Promise<KeptTunnel> {
    const key = keyOf(target);
    const known = this.#tunnels.get(key);
    if (known !== undefined) return known;
    const made = this.#ports.create(target).then((tunnel) => {
      const kept = new KeptTunnel(tunnel, this.isKept, {
        clock: this.#ports.clock,
        changed: (state) => this.changed(target, state),
      });
      this.#known.set(key, kept);
      return kept;
    });
    this.#tunnels.set(key, made);
    made.catch(() => this.#tunnels.delete(key));
    return made;
  }

  async #pipe(
    target: TunnelledTarget,
    client: AcceptedStream,
    conn: TunnelConn,
    stop = new AbortController(),
  ): Promise<void> {
    const check = (bytes: Uint8Array) => {
      if (!isGreeting(target.engine, bytes)) throw banner(target, bytes);
    };
    if (this.#end.signal.aborted) stop.abort();
    const piping = pipe(client.stream, conn.stream, check, stop.signal);
    this.#pipes.set(stop, piping);
    try {
      const { fromFar, endedBy } = await piping;
      if (endedBy === undefined || endedBy === "near" && fromFar > 0) return;
      const failure = await conn.failure(fromFar > 0);
      if (failure !== undefined) throw failure;
    } finally {
      this.#pipes.delete(stop);
    }
  }
}

/** Targets share a tunnel that the same AWS identity opens the same way. */
function keyOf(
  { tunnel, profile, roleArn, region }: TunnelledTarget,
): string {
  const isOfAws = tunnel.kind === "ssm" || tunnel.kind === "ecs";
  return JSON.stringify([
    formatTunnel(tunnel),
    ...(isOfAws ? [profile, roleArn, region] : []),
  ]);
}

function noAnswer({ tunnel }: TunnelledTarget): TunnelError {
  return new TunnelError(describeTunnel(tunnel), {
    reason: "timeout",
    why: `no connection came about within ${DIAL_MS / 1000} s`,
    hint: "rdsiam doctor tells which link it is",
  });
}

function banner({ tunnel }: TunnelledTarget, bytes: Uint8Array): TunnelError {
  const [line = ""] = new TextDecoder().decode(bytes.subarray(0, 80))
    .replace(/[^\x20-\x7e\n]/g, "?").split("\n");
  return new TunnelError(describeTunnel(tunnel), {
    reason: "protocol",
    why: `what comes out of it is not the database's: "${line.trim()}"`,
    hint:
      "Nothing but the connection may go through its standard output: send messages to standard error",
  });
}
