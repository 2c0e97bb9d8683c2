import type { Clock } from "../../core/ports/clock.ts";
import type { AuthToken } from "../../core/token/token.ts";
import type { TokenSource } from "../token/token_source.ts";
import { destinationName, isSameDestination, type SyncJob } from "./job.ts";
import { type RenewalFailure, Renewals } from "../token/renewals.ts";
import { Schedule } from "../token/schedule.ts";
import {
  removeFromJob,
  writeJob,
  type WritePorts,
  type Written,
} from "./write_job.ts";

/** What {@linkcode Sync} needs from outside. */
export interface SyncPorts extends WritePorts {
  tokens: TokenSource;
  clock: Clock;
}

/** What became of one job in a round. */
export interface JobReport extends Written {
  job: SyncJob;
}

/** What a round did. */
export interface RoundReport {
  /** The jobs that were written. */
  written: readonly JobReport[];
  /** Targets whose tokens could not be renewed. */
  targetFailures: readonly RenewalFailure[];
  /** Jobs and commands that failed. */
  failures: readonly { what: string; error: unknown }[];
}

interface JobState {
  job: SyncJob;
  names: ReadonlySet<string>;
  /** Those of its targets that its writer leaves out. */
  leftOut: ReadonlySet<string>;
  /** Whether its file is not what it should be. */
  isDirty: boolean;
  /** When to try again, after a failure. */
  retry: Schedule;
}

/** Keeps the files of several jobs right, a round at a time. */
export class Sync {
  readonly #ports: SyncPorts;
  readonly #renewals: Renewals;
  #jobs: JobState[] = [];

  /** Starts with no jobs. */
  constructor(ports: SyncPorts) {
    this.#ports = ports;
    this.#renewals = new Renewals(ports.tokens, ports.clock);
  }

  /** The targets whose tokens stand in files, each once. */
  get served(): ReadonlySet<string> {
    return new Set(
      this.#jobs.filter(({ job }) => job.writer.describe.holdsSecrets)
        .flatMap(({ names, leftOut }) =>
          [...names].filter((name) => !leftOut.has(name))
        ),
    );
  }

  /** The last token of each target by its name. */
  get tokens(): ReadonlyMap<string, AuthToken> {
    return this.#renewals.tokens;
  }

  /** Whose tokens cannot be renewed at present. */
  get failing(): readonly string[] {
    return this.#renewals.failing;
  }

  /** When there is something to do again, in milliseconds since the epoch and as seen from now. */
  nextAt(now: number): number {
    const retries = this.#jobs.filter(({ isDirty }) => isDirty)
      .map(({ retry }) => retry.nextAt(now));
    return Math.min(this.#renewals.nextAt(now), ...retries);
  }

  /** Makes every target due for another token. */
  hasten(): void {
    this.#renewals.hasten();
    for (const { retry } of this.#jobs) retry.hasten();
  }

  /**
   * Replaces the jobs; all files are written in the next round. What earlier jobs put into files that are no job's any
   * more, or for targets that are gone, is taken out.
   *
   * @returns what could not be taken out
   */
  async setJobs(jobs: readonly SyncJob[]): Promise<RoundReport["failures"]> {
    const failures: { what: string; error: unknown }[] = [];
    for (const { job, names } of this.#jobs) {
      const kept = new Set(
        jobs.filter((other) => isSameDestination(job, other))
          .flatMap(({ targets }) => targets.map(({ name }) => name)),
      );
      const gone = [...names].filter((name) => !kept.has(name));
      if (gone.length > 0) await this.#remove(job, gone, failures);
    }
    this.#jobs = jobs.map((job) => ({
      job,
      names: new Set(job.targets.map(({ name }) => name)),
      leftOut: new Set(),
      isDirty: true,
      retry: new Schedule(),
    }));
    this.#renewals.setTargets(
      jobs.filter(({ writer }) => writer.describe.holdsSecrets)
        .flatMap(({ targets }) => targets),
    );
    return failures;
  }

  /**
   * Renews what is due, writes the files that it stands in, and runs the commands that wait for a change.
   *
   * @param patienceMs how long the slowest credentials are waited for, in milliseconds; without end by default
   * @param signal ends the commands
   */
  async round(
    patienceMs?: number,
    signal?: AbortSignal,
  ): Promise<RoundReport> {
    const { renewed, failures: targetFailures } = await this.#renewals
      .renewDue(patienceMs);
    const written: JobReport[] = [];
    const failures: { what: string; error: unknown }[] = [];
    for (const state of this.#jobs) {
      const isStale = state.job.writer.describe.holdsSecrets &&
        renewed.some((name) => state.names.has(name));
      state.isDirty ||= isStale;
      if (state.isDirty && state.retry.isDue(this.#ports.clock.now())) {
        await this.#write(state, written, failures, signal);
      }
    }
    await this.#runCommands(written, failures, signal);
    return { written, targetFailures, failures };
  }

  /** Takes all that the jobs put into files out again. */
  async removeAll(): Promise<RoundReport["failures"]> {
    const failures: { what: string; error: unknown }[] = [];
    for (const { job, names } of this.#jobs) {
      await this.#remove(job, [...names], failures);
    }
    return failures;
  }

  async #write(
    state: JobState,
    written: JobReport[],
    failures: { what: string; error: unknown }[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { job } = state;
    try {
      const result = await writeJob(job, this.tokens, this.#ports, signal);
      state.isDirty = false;
      state.retry = new Schedule();
      state.leftOut = new Set(result.leftOut);
      if (result.names.length + result.leftOut.length > 0) {
        written.push({ job, ...result });
      }
    } catch (error) {
      state.retry.failed(this.#ports.clock.now());
      failures.push({ what: destinationName(job.destination), error });
    }
  }

  async #remove(
    job: SyncJob,
    names: readonly string[],
    failures: { what: string; error: unknown }[],
  ): Promise<void> {
    try {
      await removeFromJob(job, names, this.#ports);
    } catch (error) {
      failures.push({ what: destinationName(job.destination), error });
    }
  }

  /** Each command once, however many of its files have changed. */
  async #runCommands(
    written: readonly JobReport[],
    failures: { what: string; error: unknown }[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const files = new Map<string, string[]>();
    for (const { job, changed } of written) {
      if (!changed || job.onRefresh === undefined) continue;
      const name = destinationName(job.destination);
      files.set(job.onRefresh, [...files.get(job.onRefresh) ?? [], name]);
    }
    for (const [command, names] of files) {
      try {
        await this.#ports.shell.run(command, "", {
          RDSIAM_CHANGED: names.join("\n"),
        }, signal);
      } catch (error) {
        failures.push({ what: "--on-refresh", error });
      }
    }
  }
}

/** The error that a whole run ends with: the first, since its kind decides the exit code. */
export function firstError(report: RoundReport): unknown {
  return report.targetFailures[0]?.error ?? report.failures[0]?.error;
}
