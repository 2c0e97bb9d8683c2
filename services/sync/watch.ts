import type { Clock } from "../../core/ports/clock.ts";
import type { SyncJob } from "./job.ts";
import type { RoundReport, Sync } from "./sync.ts";

/** How often a watch looks up at least, in milliseconds: how late a wake from suspension may be noticed. */
const TICK_MS = 5_000;

/** How long a round waits for the slowest credentials, in milliseconds: the files of all others are due meanwhile. */
const PATIENCE_MS = 5_000;

/** Hears of what a watch does. */
export interface WatchListener {
  /** A round did something. */
  round(report: RoundReport): void;
  /** The configuration has changed, and there are jobs anew; or it cannot be read, and the old ones go on. */
  reloaded(error: unknown): void;
  /** Time has passed; called at each look. */
  tick(now: number): void;
}

/** Where the jobs come from, and what may change them. */
export interface WatchSource {
  /** Reads the jobs. */
  load(): Promise<readonly SyncJob[]>;
  /**
   * A text that is another one when the configuration has changed: the names and times of its files. It is asked at
   * each look, so it must be cheap.
   */
  version(): Promise<string>;
}

/** How a watch goes about its work. */
export interface WatchOptions {
  clock: Clock;
  listener: WatchListener;
  source: WatchSource;
  /** How often to look up at least, in milliseconds; a second where somebody looks on. */
  tickMs?: number;
  /** Take everything out again at the end. */
  removeOnExit: boolean;
}

/** Keeps files fresh until it is stopped. */
export class Watch {
  readonly #sync: Sync;
  readonly #options: WatchOptions;
  #wake = new AbortController();
  #mustReload = false;

  /** Makes a watch; `sync` needs no jobs yet. */
  constructor(sync: Sync, options: WatchOptions) {
    this.#sync = sync;
    this.#options = options;
  }

  /** Renews everything at once, and reads the configuration again: what SIGHUP asks for. */
  hasten(): void {
    this.#mustReload = true;
    this.#sync.hasten();
    this.#wake.abort();
  }

  /**
   * Runs until the signal aborts. Once the jobs have been read, nothing that goes wrong ends it: what fails is tried
   * again.
   *
   * @returns what could not be taken out at the end
   * @throws whatever reading the jobs throws the first time
   */
  async run(signal: AbortSignal): Promise<RoundReport["failures"]> {
    const { clock, listener, source, tickMs = TICK_MS } = this.#options;
    const stop = () => this.#wake.abort();
    signal.addEventListener("abort", stop);
    let version = await source.version();
    await this.#sync.setJobs(await source.load());
    while (!signal.aborted) {
      const seen = await source.version();
      if (this.#mustReload || seen !== version) {
        version = seen;
        this.#mustReload = false;
        await this.#reload();
      }
      const now = clock.now();
      if (this.#sync.nextAt(now) <= now) {
        listener.round(await this.#sync.round(PATIENCE_MS, signal));
      }
      listener.tick(clock.now());
      const wait = Math.min(
        this.#sync.nextAt(clock.now()) - clock.now(),
        tickMs,
      );
      if (!signal.aborted && wait > 0) {
        await clock.sleep(wait, this.#wake.signal);
      }
      if (this.#wake.signal.aborted) this.#wake = new AbortController();
    }
    signal.removeEventListener("abort", stop);
    return this.#options.removeOnExit ? await this.#sync.removeAll() : [];
  }

  async #reload(): Promise<void> {
    const { source, listener } = this.#options;
    try {
      const failures = await this.#sync.setJobs(await source.load());
      listener.reloaded(undefined);
      if (failures.length > 0) {
        listener.round({ written: [], targetFailures: [], failures });
      }
    } catch (error) {
      listener.reloaded(error);
    }
  }
}
