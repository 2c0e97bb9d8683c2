import { dirname, resolve } from "node:path";
import { homeFolder } from "../../adapters/config/config_paths.ts";
import type { Config } from "../../core/config/config.ts";
import { RdsiamError } from "../../core/errors.ts";
import { userPath } from "../../core/config/user_folder.ts";
import type { NamedTarget, Target } from "../../core/target/target.ts";
import type { Writer, WriterOption } from "../../core/writer/writer.ts";
import {
  type Destination,
  parseDestination,
  type SyncJob,
} from "../../services/sync/job.ts";
import { pinConnect } from "../../services/target/resolve_target.ts";
import type { Context } from "../frame/context.ts";
import { namedTarget } from "../target/named_source.ts";
import type { Reporter } from "../frame/output.ts";
import {
  readTargets,
  resolveConfigured,
  type ResolvedTargets,
  type TargetFailure,
} from "../target/read_targets.ts";
import type { TargetContext } from "../target/read_target.ts";
import type { TargetOptions } from "../target/target_options.ts";
import { loadWriter } from "../writer/writers.ts";
import type { WriterRequest } from "./writer_requests.ts";

/** What a command asks to be kept fresh. */
export interface SyncRequest {
  /** The targets that are named. */
  names: readonly string[];
  /** The options that say which target, and which configuration. */
  options: TargetOptions;
  /** The writers that are named; without any, every `[[sync]]` of the configuration is meant. */
  writers: readonly WriterRequest[];
  /** Command of the shell to run after a change, of whatever file. */
  onRefresh?: string | undefined;
}

/** What came of a request. */
export interface LoadedJobs {
  jobs: readonly SyncJob[];
  /** Targets that cannot be used; the others go on. */
  failures: readonly TargetFailure[];
}

/** A writer that is asked for, with the folder that relative paths start from. */
interface PlacedRequest extends WriterRequest {
  folder: string;
}

/**
 * Finds the targets and makes the writers of a request.
 *
 * @throws {RdsiamError} `usage`, when a target, writer or option is not known, or two writers have one file
 */
export async function loadJobs(
  request: SyncRequest,
  context: TargetContext,
  reporter: Reporter,
): Promise<LoadedJobs> {
  const { requests, config } = await placeRequests(request, context);
  const { names, options, onRefresh } = request;
  const resolved = config === undefined
    ? await readTargets(names, options, context, reporter)
    : await resolveConfigured(
      config,
      [...new Set(requests.flatMap(({ targets = [] }) => targets))],
      context,
      reporter,
    );
  const { targets: pinned, failures } = await pinEach(
    resolved,
    context,
    reporter,
  );
  const byName = new Map(pinned.map((named) => [named.name, named]));
  const jobs: SyncJob[] = [];
  for (const each of requests) {
    const targets = each.targets === undefined
      ? pinned
      : each.targets.flatMap((name) => byName.get(name) ?? []);
    jobs.push(await makeJob(each, targets, onRefresh, context));
  }
  refuseSharedFiles(jobs);
  return { jobs, failures };
}

/** Most files hold an IP address where something else than the endpoint is dialled. */
async function pinEach(
  { targets, failures }: ResolvedTargets,
  { resolver }: Pick<Context, "resolver">,
  reporter: Reporter,
): Promise<ResolvedTargets> {
  const pinned: ResolvedTargets = { targets: [], failures: [...failures] };
  for (const { name, target: given } of targets) {
    const target = withoutTunnel(name, given, reporter);
    try {
      const changed = await pinConnect(target, resolver);
      const connectName = changed === target ? undefined : target.connect?.host;
      pinned.targets.push({
        name,
        target: changed,
        ...(connectName !== undefined && { connectName }),
      });
    } catch (error) {
      pinned.failures.push({ name, error });
    }
  }
  return pinned;
}

/** What clients find in files they dial by themselves, and none of them opens a tunnel. */
function withoutTunnel(
  name: string,
  target: Target,
  reporter: Reporter,
): Target {
  const { tunnel, connect: _, ...rest } = target;
  if (tunnel === undefined) return target;
  reporter.warn(
    `"${name}" is behind a tunnel, which clients do not open: connect them to rdsiam proxy`,
  );
  return rest;
}

/**
 * Makes the writers of a request, without their targets.
 *
 * @returns each with the names of its targets; `undefined` stands for all
 * @throws {RdsiamError} `usage`, as {@linkcode loadJobs} does
 */
export async function loadFiles(
  request: SyncRequest,
  context: Pick<Context, "environment" | "loadConfig">,
): Promise<{ job: SyncJob; names: readonly string[] | undefined }[]> {
  const { requests } = await placeRequests(request, context);
  return await Promise.all(requests.map(async (each) => ({
    job: await makeJob(each, [], undefined, context),
    names: each.targets ??
      (request.names.length > 0 ? request.names : undefined),
  })));
}

/** The writers that the options name, else every `[[sync]]`, as far as it concerns the targets that are named. */
async function placeRequests(
  { names, options, writers }: SyncRequest,
  context: Pick<Context, "loadConfig">,
): Promise<{ requests: PlacedRequest[]; config?: Config }> {
  if (writers.length > 0) {
    const folder = Deno.cwd();
    return { requests: writers.map((writer) => ({ ...writer, folder })) };
  }
  const config = await context.loadConfig(options.config);
  if (config.sync.length === 0) {
    throw new RdsiamError("usage", "No file to keep fresh is named", {
      hint:
        "Pass --writer NAME=PATH, or write a [[sync]] into the configuration file; rdsiam writers lists the writers",
    });
  }
  const all = [...config.targets.keys()];
  for (const name of names) namedTarget(name, config);
  const requests = config.sync.map((settings) => ({
    ...settings,
    folder: dirname(settings.file),
    targets: (settings.targets ?? all).filter((name) =>
      names.length === 0 || names.includes(name)
    ),
  })).filter(({ targets }) => targets.length > 0);
  if (requests.length > 0) return { requests, config };
  throw new RdsiamError(
    "usage",
    names.length > 0
      ? `No [[sync]] of the configuration has the target ${names.join(", ")}`
      : "No [[sync]] of the configuration has a target",
    { hint: "Name a file with --writer NAME=PATH, or add the target there" },
  );
}

async function makeJob(
  request: PlacedRequest,
  targets: readonly NamedTarget[],
  onRefresh: string | undefined,
  context: Pick<Context, "environment">,
): Promise<SyncJob> {
  const options = await readOptionFiles(request, context);
  const writer = await loadWriter(request.writer, options, context);
  const command = onRefresh ?? request.onRefresh;
  return {
    writer,
    destination: destinationOf(request, writer, context),
    targets,
    ...(command !== undefined && { onRefresh: command }),
  };
}

/** An option whose value starts with `@` is a file's text, as with curl. */
async function readOptionFiles(
  { options, folder }: PlacedRequest,
  { environment }: Pick<Context, "environment">,
): Promise<Record<string, WriterOption>> {
  const read: Record<string, WriterOption> = {};
  for (const [key, value] of Object.entries(options)) {
    if (typeof value !== "string" || !value.startsWith("@")) {
      read[key] = value;
      continue;
    }
    const path = absolute(value.slice(1), folder, environment);
    try {
      read[key] = await Deno.readTextFile(path);
    } catch (cause) {
      throw new RdsiamError(
        "usage",
        `File "${path}" of the option ${key} cannot be read`,
        { hint: "Check the path after the @", cause },
      );
    }
  }
  return read;
}

function absolute(
  text: string,
  folder: string,
  environment: Context["environment"],
): string {
  const path = userPath(text, folder, homeFolder(environment));
  if (path !== undefined) return path;
  throw new RdsiamError(
    "usage",
    `Path "${text}" begins with ~, and there is no home folder`,
    { hint: "Set HOME, or write the whole path" },
  );
}

/** Where a writer's text goes: where it is asked to, else where its client looks. */
export function destinationOf(
  { path, folder, pathOption }: Pick<
    PlacedRequest,
    "path" | "folder" | "pathOption"
  >,
  writer: Writer,
  { environment }: Pick<Context, "environment">,
): Destination {
  if (path !== undefined) {
    const destination = parseDestination(path);
    if (destination.kind !== "file") return destination;
    return {
      kind: "file",
      path: absolute(destination.path, folder, environment),
    };
  }
  const standard = writer.defaultPath(environment, Deno.build.os);
  if (standard !== undefined) {
    return { kind: "file", path: resolve(standard) };
  }
  throw new RdsiamError(
    "usage",
    `Writer "${writer.name}" has no file by default`,
    { hint: `Name one: ${pathOption ?? `--writer ${writer.name}=PATH`}` },
  );
}

function refuseSharedFiles(jobs: readonly SyncJob[]) {
  const seen = new Map<string, string>();
  for (const { writer, destination } of jobs) {
    if (destination.kind !== "file") continue;
    const other = seen.get(destination.path);
    if (other !== undefined) {
      throw new RdsiamError(
        "usage",
        `File "${destination.path}" is written by two writers, ${other} and ${writer.name}`,
        { hint: "Give each file once, with all of its targets" },
      );
    }
    seen.set(destination.path, writer.name);
  }
}
