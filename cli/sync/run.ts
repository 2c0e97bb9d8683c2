import { errorMessage, RdsiamError } from "../../core/errors.ts";
import { destinationName, type SyncJob } from "../../services/sync/job.ts";
import { Sync, type SyncPorts } from "../../services/sync/sync.ts";
import { Watch } from "../../services/sync/watch.ts";
import { removeFromJob } from "../../services/sync/write_job.ts";
import type { CommonOptions, Invocation } from "../frame/command.ts";
import { exitCodeOf } from "../frame/exit_codes.ts";
import { dropping, type Reporter } from "../frame/output.ts";
import { reportOnly, signInHelp } from "../frame/sign_in.ts";
import type { TargetContext } from "../target/read_target.ts";
import type { TargetFailure } from "../target/read_targets.ts";
import type { Context } from "../frame/context.ts";
import { loadFiles, loadJobs, type SyncRequest } from "./jobs.ts";
import {
  createSyncPorts,
  createWritePorts,
  type WriteContext,
} from "./ports.ts";
import {
  describeFailure,
  describeWritten,
  failuresByCause,
  failuresJson,
  writtenJson,
} from "./report.ts";
import { terminalWidth } from "./status_line.ts";
import { WatchOutput } from "./watch_output.ts";

/** The options that say how long to keep files fresh. */
export interface WatchOptions extends CommonOptions {
  watch?: boolean;
  onRefresh?: string;
  removeOnExit?: boolean;
}

/** How soon targets that could not be used are looked at again, in milliseconds. */
const RETRY_MS = 30_000;

/** What files are kept fresh with. */
type SyncContext =
  & TargetContext
  & WriteContext
  & Pick<
    Context,
    "tokens" | "configVersion" | "stopSignal" | "askSecret" | "signIn"
  >;

/** Keeps the files of a request right: once, or until this process is asked to end. */
export async function runSync(
  request: SyncRequest,
  options: WatchOptions,
  invocation: Invocation<SyncContext>,
  reporter: Reporter,
): Promise<void> {
  const { context } = invocation;
  if (options.removeOnExit && !options.watch) {
    throw new RdsiamError("usage", "--remove-on-exit is for --watch", {
      hint: "Pass --watch, or take entries out with rdsiam pgpass remove",
    });
  }
  const ports = await createSyncPorts(
    context,
    options.watch ? reportOnly(reporter) : signInHelp({}, context, reporter),
  );
  const passfile = ports.places.passfile;
  async function load() {
    const loaded = await loadJobs(request, context, reporter);
    if (options.json) refuseStandardOutput(loaded.jobs);
    ports.places.passfile = writtenPassfile(loaded.jobs) ?? passfile;
    return loaded;
  }
  if (options.watch) {
    await watch(request, load, ports, options, invocation, reporter);
  } else {
    const { jobs, failures } = await load();
    await syncOnce(jobs, failures, ports, options, invocation, reporter);
  }
}

/** The passfile of these jobs: what points clients at one means this. */
function writtenPassfile(jobs: readonly SyncJob[]): string | undefined {
  for (const { writer, destination } of jobs) {
    if (writer.name === "pgpass" && destination.kind === "file") {
      return destination.path;
    }
  }
  return undefined;
}

/** What is printed must be JSON alone. */
function refuseStandardOutput(jobs: readonly SyncJob[]) {
  if (jobs.every(({ destination }) => destination.kind !== "stdout")) return;
  throw new RdsiamError(
    "usage",
    "--json and a writer to standard output exclude each other",
    { hint: "Leave --json out, or name a file instead of -" },
  );
}

async function syncOnce(
  jobs: readonly SyncJob[],
  unusable: readonly TargetFailure[],
  ports: SyncPorts,
  { json }: CommonOptions,
  invocation: Invocation<Pick<Context, "stdout">>,
  reporter: Reporter,
): Promise<void> {
  const sync = new Sync(ports);
  await sync.setJobs(jobs);
  const round = await sync.round();
  const report = {
    ...round,
    targetFailures: [...unusable, ...round.targetFailures],
  };
  for (const job of report.written) {
    reporter.info(describeWritten(job, sync.tokens));
    for (const notice of job.notices) reporter.warn(notice);
  }
  for (const { names, error } of failuresByCause(report.targetFailures)) {
    tellError(reporter, error, describeFailure(names, error));
  }
  for (const { error } of report.failures) tellError(reporter, error);
  const first = report.targetFailures[0] ?? report.failures[0];
  if (first !== undefined) invocation.exitCode = exitCodeOf(first.error);
  if (json) {
    const written = report.written.map((job) => writtenJson(job, sync.tokens));
    const result = { written, failures: failuresJson(report) };
    invocation.context.stdout.write(`${JSON.stringify(result)}\n`);
  }
}

function tellError(
  reporter: Reporter,
  error: unknown,
  message = errorMessage(error),
) {
  reporter.error(
    message,
    error instanceof RdsiamError ? error.hint : undefined,
  );
}

async function watch(
  request: SyncRequest,
  load: () => ReturnType<typeof loadJobs>,
  ports: SyncPorts,
  options: WatchOptions,
  invocation: Invocation<SyncContext>,
  reporter: Reporter,
): Promise<void> {
  const { context } = invocation;
  const { clock, stdout, stderr } = context;
  const sync = new Sync(ports);
  const hasStatus = stderr.isTerminal && !options.quiet && !options.json;
  const output = new WatchOutput({
    sync,
    reporter,
    // Nobody need read of the files for them to be kept fresh.
    json: options.json ? dropping(stdout) : undefined,
    terminal: hasStatus
      ? { output: stderr, columns: terminalWidth }
      : undefined,
  });
  // Targets that cannot be used for want of a network make another version when it is time to look again.
  let tries = 0;
  let retryAt = Infinity;
  const watch = new Watch(sync, {
    clock,
    listener: output,
    removeOnExit: options.removeOnExit ?? false,
    ...(hasStatus && { tickMs: 1_000 }),
    source: {
      async version() {
        if (clock.now() >= retryAt) {
          retryAt = Infinity;
          tries++;
        }
        const files = await context.configVersion(request.options.config);
        return `${tries} ${files}`;
      },
      async load() {
        const { jobs, failures } = await load();
        retryAt = failures.length > 0 ? clock.now() + RETRY_MS : Infinity;
        if (tries === 0) output.unusable(failures);
        return jobs;
      },
    },
  });
  const signal = context.stopSignal(() => watch.hasten());
  const failures = await watch.run(signal);
  output.end();
  for (const { error } of failures) tellError(reporter, error);
  const [first] = failures;
  if (first !== undefined) invocation.exitCode = exitCodeOf(first.error);
}

/**
 * Takes targets out of the files of a request again; without names, all that rdsiam put there.
 *
 * @throws {RdsiamError} `usage` as {@linkcode loadFiles} does; `failed`, when a file cannot be replaced
 */
export async function runRemove(
  request: SyncRequest,
  { json }: CommonOptions,
  invocation: Invocation<WriteContext & Pick<Context, "loadConfig">>,
  reporter: Reporter,
): Promise<void> {
  const { context } = invocation;
  const ports = await createWritePorts(context);
  const files = [];
  for (const { job, names } of await loadFiles(request, context)) {
    const { changed, notices } = await removeFromJob(job, names, ports);
    const path = destinationName(job.destination);
    for (const notice of notices) reporter.warn(notice);
    reporter.info(`${path}: ${changed ? "taken out" : "nothing to take out"}`);
    files.push({ path, changed });
  }
  if (json) context.stdout.write(`${JSON.stringify({ files })}\n`);
}
