import { fatalError } from "../../core/pgwire/error_response.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Connection } from "../connection/connection.ts";
import { hangUp } from "../connection/hang_up.ts";
import { relay, type RelayCounts, type RelayEnd } from "../connection/relay.ts";

/** How long the last bytes may take to reach the other side, in milliseconds. */
const FAREWELL_MS = 2_000;

/** `ReadyForQuery` but for its last byte, the state of the transaction: between messages, then. */
const READY_FOR_QUERY = [0x5a, 0, 0, 0, 5];

/** `Terminate`: the client has said goodbye. */
const TERMINATE = [0x58, 0, 0, 0, 4];

const NOTHING = new Uint8Array();

/** An open session: a client and the database that it is joined to. */
export class Session {
  /** What the target is called. */
  readonly target: string;
  /** What has been carried so far. */
  readonly counts: RelayCounts = { fromClient: 0, fromUpstream: 0 };
  readonly #stop = new AbortController();

  /** Makes a session that carries nothing yet. */
  constructor(target: string) {
    this.target = target;
  }

  /** Ends the session; its client is told when that can be told. */
  end(): void {
    this.#stop.abort();
  }

  /**
   * Carries bytes until one side ends, then ends both.
   *
   * @param isReady whether the login's `ReadyForQuery` is the last that the client was sent
   */
  async run(
    client: Connection,
    upstream: Connection,
    isReady: boolean,
    clock: Clock,
  ): Promise<RelayEnd> {
    const end = await relay(
      client.stream,
      upstream.stream,
      this.counts,
      this.#stop.signal,
    );
    const isBetweenMessages = this.counts.fromUpstream === 0
      ? isReady
      : endsWith(end.upstreamTail.subarray(0, -1), READY_FOR_QUERY);
    const words = isBetweenMessages ? lastWords(end) : NOTHING;
    await Promise.all([
      end.endedBy === "client"
        ? client.close()
        : hangUp(client, words, clock, FAREWELL_MS),
      endUpstream(upstream, end, clock),
    ]);
    return end;
  }
}

/** What to tell the client, unless it has said goodbye. */
function lastWords({ endedBy, clientTail }: RelayEnd): Uint8Array {
  if (endsWith(clientTail, TERMINATE)) return NOTHING;
  return endedBy === "signal"
    ? fatalError({
      code: "57P01",
      message: "terminating connection because the proxy is shutting down",
    })
    : fatalError({
      code: "08006",
      message: "the database ended the connection",
    });
}

/** Lets a client's goodbye through before the connection is closed. */
async function endUpstream(
  upstream: Connection,
  { endedBy }: RelayEnd,
  clock: Clock,
) {
  if (endedBy === "client") {
    const done = new AbortController();
    await Promise.race([
      upstream.closeWrite(),
      clock.sleep(FAREWELL_MS, done.signal),
    ]);
    done.abort();
  }
  upstream.close();
}

function endsWith(bytes: Uint8Array, end: readonly number[]): boolean {
  const tail = bytes.subarray(bytes.length - end.length);
  return bytes.length >= end.length && tail.every((byte, i) => byte === end[i]);
}
