import type { RawStream } from "../../core/ports.ts";
import { writeAll } from "./connection.ts";

/** How much is carried at once each way. */
const BUFFER_BYTES = 65_536;

/** How much of the last bytes is told: a whole `ReadyForQuery`. */
const TAIL_BYTES = 6;

/** What is counted while bytes are carried. */
export interface RelayCounts {
  /** Bytes from the client. */
  fromClient: number;
  /** Bytes from the database. */
  fromUpstream: number;
}

/** How carrying ended. Neither connection is closed yet. */
export interface RelayEnd {
  /** Who ended it; `signal` when it was told to stop. */
  endedBy: "client" | "upstream" | "signal";
  /** The last bytes that were carried from the client. */
  clientTail: Uint8Array;
  /** The last bytes that were carried from the database. */
  upstreamTail: Uint8Array;
}

/**
 * Carries bytes both ways until one side ends or breaks, or the signal aborts; what was read has been written then. The
 * caller closes both, which ends the read that is still under way.
 */
export async function relay(
  client: RawStream,
  upstream: RawStream,
  counts: RelayCounts,
  signal: AbortSignal,
): Promise<RelayEnd> {
  const { promise, resolve } = Promise.withResolvers<RelayEnd["endedBy"]>();
  const fromClient = new Way(client, upstream);
  const fromUpstream = new Way(upstream, client);
  const stop = () => resolve("signal");
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop);
  fromClient.carry((bytes) => counts.fromClient += bytes)
    .then((ended) => resolve(ended === "source" ? "client" : "upstream"));
  fromUpstream.carry((bytes) => counts.fromUpstream += bytes)
    .then((ended) => resolve(ended === "source" ? "upstream" : "client"));
  const endedBy = await promise;
  signal.removeEventListener("abort", stop);
  return {
    endedBy,
    clientTail: fromClient.tail(),
    upstreamTail: fromUpstream.tail(),
  };
}

/** One of the two ways. */
class Way {
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #length = 0;

  constructor(readonly from: RawStream, readonly to: RawStream) {}

  /** Carries bytes until one of the two ends or breaks, and says which. */
  async carry(
    count: (bytes: number) => void,
  ): Promise<"source" | "destination"> {
    const { from, to } = this;
    const buffer = this.#buffer;
    while (true) {
      try {
        const length = await from.read(buffer);
        if (length === null) return "source";
        this.#length = length;
        count(length);
      } catch {
        return "source";
      }
      try {
        await writeAll(to, buffer.subarray(0, this.#length));
      } catch {
        return "destination";
      }
    }
  }

  tail(): Uint8Array {
    const length = this.#length;
    return this.#buffer.slice(Math.max(0, length - TAIL_BYTES), length);
  }
}
