import { errorMessage, RdsiamError } from "../../core/errors.ts";
import { destinationName } from "../../services/sync/job.ts";
import type { RoundReport, Sync } from "../../services/sync/sync.ts";
import type { WatchListener } from "../../services/sync/watch.ts";
import type { Output, Reporter } from "../frame/output.ts";
import {
  describeWritten,
  errorJson,
  failuresByCause,
  failuresJson,
  nameSome,
  writtenJson,
} from "./report.ts";
import { formatStatus } from "./status_line.ts";
import { StatusLine } from "../frame/status_line.ts";

/** What a watch tells people with. */
export interface WatchOutputOptions {
  sync: Sync;
  reporter: Reporter;
  /** Where JSON lines go; without it, messages are for people. */
  json: Output | undefined;
  /** The terminal of the status line and its width in columns. */
  terminal: { output: Output; columns: () => number } | undefined;
}

/** Tells what a watch does: a status line on a terminal, JSON lines, and each trouble once. */
export class WatchOutput implements WatchListener {
  readonly #options: WatchOutputOptions;
  readonly #status: StatusLine | undefined;
  /** What is known to be wrong, by whom it concerns: it is not reported again. */
  readonly #troubles = new Map<string, string>();
  readonly #notices = new Set<string>();
  #isFirst = true;

  /** Makes an output that has reported nothing yet. */
  constructor(options: WatchOutputOptions) {
    this.#options = options;
    const { terminal } = options;
    this.#status = terminal && new StatusLine(terminal.output);
  }

  /** Tells of targets that cannot be used; the others go on. */
  unusable(targetFailures: RoundReport["targetFailures"]): void {
    if (targetFailures.length === 0) return;
    this.round({ written: [], targetFailures, failures: [] });
  }

  /** A round did something. */
  round(report: RoundReport): void {
    this.#status?.clear();
    if (this.#options.json === undefined) this.#tell(report);
    else this.#printJson(this.#options.json, report);
    this.#isFirst &&= report.written.length === 0;
  }

  /** The configuration was read again. */
  reloaded(error: unknown): void {
    const { reporter, json } = this.#options;
    this.#status?.clear();
    if (json !== undefined) {
      const event = error === undefined
        ? { event: "reloaded" }
        : { event: "failed", ...errorJson(error) };
      return json.write(`${JSON.stringify(event)}\n`);
    }
    if (error === undefined) return reporter.info("Configuration read again");
    reporter.error(
      `The changed configuration is not used: ${errorMessage(error)}`,
      error instanceof RdsiamError ? error.hint : undefined,
    );
  }

  /** Draws the status line. */
  tick(now: number): void {
    const { sync, terminal } = this.#options;
    if (this.#status === undefined || terminal === undefined) return;
    const failing = new Set(sync.failing);
    const targets = [...sync.served].map((name) => ({
      name,
      expiresAt: sync.tokens.get(name)?.expiresAt,
      isFailing: failing.has(name),
    }));
    this.#status.draw(formatStatus(targets, now, terminal.columns()));
  }

  /** Takes the status line away at the end. */
  end(): void {
    this.#status?.clear();
    this.#options.json?.write(`${JSON.stringify({ event: "stopped" })}\n`);
  }

  #printJson(output: Output, report: RoundReport) {
    const { tokens } = this.#options.sync;
    const events = [
      ...report.written.map((job) => ({
        event: "written",
        ...writtenJson(job, tokens),
      })),
      ...failuresJson(report).map((failure) => ({
        event: "failed",
        ...failure,
      })),
    ];
    for (const event of events) output.write(`${JSON.stringify(event)}\n`);
  }

  #tell(report: RoundReport) {
    const { reporter, sync } = this.#options;
    for (const job of report.written) {
      const line = describeWritten(job, sync.tokens);
      if (this.#isFirst) reporter.info(line);
      else reporter.detail(line);
      for (const notice of job.notices) {
        if (!this.#notices.has(notice)) reporter.warn(notice);
        this.#notices.add(notice);
      }
    }
    const failing = new Set(sync.failing);
    this.#tellOfRecoveries(report, failing);
    const news = report.targetFailures.filter(({ name, error }) =>
      this.#isNews(`target ${name}`, error)
    );
    for (const { names, error } of failuresByCause(news)) {
      reporter.error(
        `${nameSome(names)} cannot be renewed: ${errorMessage(error)}`,
        error instanceof RdsiamError ? error.hint : undefined,
      );
    }
    for (const { what, error } of report.failures) {
      if (!this.#isNews(`file ${what}`, error)) continue;
      reporter.error(
        errorMessage(error),
        error instanceof RdsiamError ? error.hint : undefined,
      );
    }
  }

  #tellOfRecoveries(report: RoundReport, failing: ReadonlySet<string>) {
    const { tokens } = this.#options.sync;
    const ended = [...this.#troubles.keys()]
      .filter((key) => key.startsWith("target "))
      .map((key) => key.slice("target ".length))
      .filter((name) => !failing.has(name));
    for (const name of ended) this.#troubles.delete(`target ${name}`);
    // The others are targets no more.
    const recovered = ended.filter((name) => tokens.has(name));
    if (recovered.length > 0) {
      this.#options.reporter.info(`${nameSome(recovered)}: renewed again`);
    }
    for (const { job } of report.written) {
      this.#troubles.delete(`file ${destinationName(job.destination)}`);
    }
  }

  #isNews(key: string, error: unknown): boolean {
    const message = errorMessage(error);
    if (this.#troubles.get(key) === message) return false;
    this.#troubles.set(key, message);
    return true;
  }
}
