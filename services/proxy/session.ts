import { fatalError } from "../../core/pgwire/error_response.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Connection } from "./connection.ts";
import { relay, type RelayCounts, type RelayEnd } from "./relay.ts";

/** How long the last bytes may take to reach the other side, in milliseconds. */
const FAREWELL_MS = 2_000;

/** `ReadyForQuery` but for its last byte, the state of the transaction: between messages, then. */
const READY_FOR_QUERY = [0x5a, 0, 0, 0, 5];

/** `Terminate`: the client has said goodbye. */
const TERMINATE = [0x58, 0, 0, 0, 4];

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

  /** Carries bytes until one side ends, then ends both. */
  async run(
    client: Connection,
    upstream: Connection,
    clock: Clock,
  ): Promise<RelayEnd> {
    const end = await relay(
      client.raw,
      upstream.raw,
      this.counts,
      this.#stop.signal,
    );
    const last = lastWords(end);
    await Promise.all([
      last === undefined
        ? client.close()
        : hangUp(client, last, clock, FAREWELL_MS),
      endUpstream(upstream, end, clock),
    ]);
    return end;
  }
}

/** Says something, waits until the other side has had the time to read it, and closes. */
export async function hangUp(
  client: Connection,
  words: Uint8Array,
  clock: Clock,
  longestMs: number,
): Promise<void> {
  const done = new AbortController();
  async function sayAll() {
    await client.write(words);
    try {
      await client.raw.closeWrite();
    } catch {
      return;
    }
    // Closing while there is something unread would take back what was said (RFC 2525, 2.17).
    while (await client.read() !== undefined);
  }
  await Promise.race([sayAll(), clock.sleep(longestMs, done.signal)]);
  done.abort();
  client.close();
}

/** What to tell the client, when it is there to hear it and expects a message now. */
function lastWords(
  { endedBy, clientTail, upstreamTail }: RelayEnd,
): Uint8Array | undefined {
  if (endedBy === "client" || endsWith(clientTail, TERMINATE)) return undefined;
  if (!endsWith(upstreamTail.subarray(0, -1), READY_FOR_QUERY)) {
    return undefined;
  }
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
      upstream.raw.closeWrite().catch(() => {}),
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
