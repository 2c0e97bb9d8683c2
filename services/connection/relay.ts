import type { ByteStream } from "../../core/ports/streams.ts";

/** The size of the first buffer, used until it is full once. A session without traffic holds two of these. */
const FIRST_BYTES = 256;

/** The size from then on: as much as PostgreSQL sends at once (src/backend/libpq/pqcomm.c). */
const USUAL_BYTES = 8192;

/** The size after a buffer that was full: as much as Deno encrypts at once. No session keeps it while idle. */
const LARGE_BYTES = 65_536;

/** How many large buffers are kept for whoever needs one next. */
const SPARE_BUFFERS = 16;

/** How much of the last bytes is kept of a large buffer: a whole `ReadyForQuery`. */
const TAIL_BYTES = 6;

/** What is counted while bytes are carried. */
export interface RelayCounts {
  /** Bytes from the client. */
  fromClient: number;
  /** Bytes from the database. */
  fromUpstream: number;
}

/** How carrying ended. Neither connection is closed yet; the database's may have been told that nothing more comes. */
export interface RelayEnd {
  /** Who ended it; `signal` when it was told to stop. */
  endedBy: "client" | "upstream" | "signal";
  /** The last bytes that came from the client at once, or the end of them; empty while some of them were still to be written. */
  clientTail: Uint8Array;
  /** The same from the database. */
  upstreamTail: Uint8Array;
}

/**
 * Carries bytes in both directions until the database ends, one side breaks, or the signal aborts; what came before an end
 * has been written then. A client that ends only says that it sends no more: the database is told so, and its answers are
 * carried. Nothing is carried after the end. The caller closes both connections, which ends the read that is pending.
 *
 * A side is not read from while the other one takes nothing: what waits is in the sockets, and in one buffer a direction.
 */
export async function relay(
  client: ByteStream,
  upstream: ByteStream,
  counts: RelayCounts,
  signal: AbortSignal,
): Promise<RelayEnd> {
  const { promise, resolve } = Promise.withResolvers<RelayEnd["endedBy"]>();
  const fromClient = new Direction(client, upstream);
  const fromUpstream = new Direction(upstream, client);
  const stop = () => resolve("signal");
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop);
  let hasClientEnded = false;
  async function carryFromClient() {
    const how = await fromClient.carry((bytes) => counts.fromClient += bytes);
    if (how === "destination broke") return resolve("upstream");
    if (how === "source broke") return resolve("client");
    hasClientEnded = true;
    // When the connection is broken, carrying from it says so, too.
    await upstream.closeWrite().catch(() => resolve("client"));
  }
  async function carryFromUpstream() {
    const how = await fromUpstream.carry((n) => counts.fromUpstream += n);
    const isClients = hasClientEnded || how === "destination broke";
    resolve(isClients ? "client" : "upstream");
  }
  carryFromClient();
  carryFromUpstream();
  const endedBy = await promise;
  signal.removeEventListener("abort", stop);
  return {
    endedBy,
    clientTail: fromClient.stop(),
    upstreamTail: fromUpstream.stop(),
  };
}

/** Why a direction carries nothing any more. */
type CarryEnd = "source ended" | "source broke" | "destination broke";

/** Large buffers that no direction needs now. */
const spares: Uint8Array[] = [];

/** One of the two directions. */
class Direction {
  readonly #from: ByteStream;
  readonly #to: ByteStream;
  /** The buffer that is nobody else's. */
  #own = new Uint8Array(FIRST_BYTES);
  #buffer: Uint8Array = this.#own;
  #carried: Uint8Array = this.#own.subarray(0, 0);
  #isWriting = false;
  #isStopped = false;

  constructor(from: ByteStream, to: ByteStream) {
    this.#from = from;
    this.#to = to;
  }

  /** Carries bytes until the source ends or one of the two breaks, and says which. */
  async carry(count: (bytes: number) => void): Promise<CarryEnd> {
    const [from, to] = [this.#from, this.#to];
    try {
      // One loop without a function of its own for reading or writing: each would add to the work of every message.
      while (true) {
        const buffer = this.#buffer;
        this.#isWriting = false;
        const length = await from.read(buffer);
        if (length === null || this.#isStopped) return "source ended";
        count(length);
        this.#isWriting = true;
        const bytes = this.#carried = buffer.subarray(0, length);
        let done = await to.write(bytes);
        while (done < length) done += await to.write(bytes.subarray(done));
        if (length === buffer.length) this.#grow();
        else this.#shrink();
      }
    } catch {
      return this.#isWriting ? "destination broke" : "source broke";
    } finally {
      this.#shrink();
    }
  }

  /** Carries nothing any more, and gives the last bytes that it carried at once, or their end. */
  stop(): Uint8Array {
    this.#isStopped = true;
    return this.#isWriting ? new Uint8Array() : this.#carried.slice();
  }

  #grow(): void {
    if (this.#buffer.length === FIRST_BYTES) {
      this.#buffer = this.#own = new Uint8Array(USUAL_BYTES);
    } else if (this.#buffer === this.#own) {
      this.#buffer = spares.pop() ?? new Uint8Array(LARGE_BYTES);
    }
  }

  /** Makes do with the buffer of its own, and leaves the large one to others. */
  #shrink(): void {
    if (this.#buffer === this.#own) return;
    this.#carried = this.#carried.slice(-TAIL_BYTES);
    if (spares.length < SPARE_BUFFERS) spares.push(this.#buffer);
    this.#buffer = this.#own;
  }
}
