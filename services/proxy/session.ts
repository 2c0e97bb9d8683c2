import type { Clock } from "../../core/ports/clock.ts";
import { atMost } from "../../core/ports/within.ts";
import type { Connection } from "../connection/connection.ts";
import { hangUp } from "../connection/hang_up.ts";
import { relay, type RelayCounts, type RelayEnd } from "../connection/relay.ts";

/** How long the last bytes may take to reach the other side, in milliseconds. */
const FAREWELL_MS = 2_000;

/** What to tell a client that has not ended its session itself, with why where that is known; nothing where it expects no message. */
export type ClosingMessage = (
  end: RelayEnd,
  counts: RelayCounts,
  why: string | undefined,
) => Uint8Array;

/** An open session: a client and the database that it is joined to. */
export class Session {
  /** What the target is called. */
  readonly target: string;
  /** What has been carried so far. */
  readonly counts: RelayCounts = { fromClient: 0, fromUpstream: 0 };
  readonly #closingMessage: ClosingMessage;
  readonly #stop = new AbortController();

  /** Makes a session that carries nothing yet. */
  constructor(target: string, closingMessage: ClosingMessage) {
    this.target = target;
    this.#closingMessage = closingMessage;
  }

  /** Ends the session; its client is told when that can be told. */
  end(): void {
    this.#stop.abort();
  }

  /**
   * Carries bytes until one side ends, then ends both.
   *
   * @param failure why the database's side has ended, where that was a tunnel's doing
   */
  async run(
    client: Connection,
    upstream: Connection,
    clock: Clock,
    failure?: () => Promise<Error | undefined>,
  ): Promise<RelayEnd> {
    const end = await relay(
      client.stream,
      upstream.stream,
      this.counts,
      this.#stop.signal,
    );
    if (end.endedBy === "client") {
      client.close();
      await endUpstream(upstream, clock);
      return end;
    }
    const why = end.endedBy === "upstream"
      ? (await failure?.())?.message
      : undefined;
    upstream.close();
    const words = this.#closingMessage(end, this.counts, why);
    await hangUp(client, words, clock, FAREWELL_MS);
    return end;
  }
}

/** Lets a client's goodbye through before the connection is closed. */
async function endUpstream(upstream: Connection, clock: Clock) {
  await atMost(clock, FAREWELL_MS, upstream.closeWrite());
  upstream.close();
}
