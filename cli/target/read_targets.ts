import type { Config } from "../../core/config/config.ts";
import { RdsiamError } from "../../core/errors.ts";
import { type NamedTarget, targetName } from "../../core/target/target.ts";
import { type Gathered, gatherFields, gatherNamed } from "./gather_fields.ts";
import type { Reporter } from "../frame/output.ts";
import { resolveFields, type TargetContext } from "./read_target.ts";
import type { TargetOptions } from "./target_options.ts";

/** How many targets are resolved at a time: a name server is not to be flooded. */
const AT_A_TIME = 16;

/** What became of several targets. */
export interface ResolvedTargets {
  /** Those that can be used, in their order; no two have the same name. */
  targets: NamedTarget[];
  /** Those that cannot, and why. */
  failures: TargetFailure[];
}

/** A target that cannot be used. */
export interface TargetFailure {
  /** What it was asked for by. */
  name: string;
  /** Why. */
  error: unknown;
}

/** A target that was asked for. */
interface Asked {
  name: string;
  gathered: Gathered;
}

/**
 * The targets of a command that takes several: those named; where none is, the one that the options, `RDSIAM_TARGET` or
 * libpq's environment name a host of; else every target of the configuration, else that of `DATABASE_URL`. The options
 * override each of them.
 *
 * @throws {RdsiamError} `usage`, when a name is not known or there is no target at all; as `resolveTarget()` does, when there
 * is one and it cannot be used
 */
export async function readTargets(
  names: readonly string[],
  options: TargetOptions,
  context: TargetContext,
  reporter: Reporter,
): Promise<ResolvedTargets> {
  if (options.host !== undefined && names.length > 1) {
    throw new RdsiamError(
      "usage",
      "--host names one database, and there are several targets",
      { hint: "Leave it out, or name one target" },
    );
  }
  const once = readingOnce(context);
  const asked = names.length > 0
    ? await gatherEach(names, options, once, reporter)
    : await gatherUnnamed(options, once, reporter);
  const resolved = await resolveEach(asked, once, reporter);
  const [failure] = resolved.failures;
  if (failure !== undefined && asked.length === 1) throw failure.error;
  return resolved;
}

/**
 * The targets that a configuration, once loaded, has under these names, or all of it. Unlike with {@linkcode readTargets},
 * a name that is not known is a failure among others: what runs for long goes on with the rest.
 */
export async function resolveConfigured(
  config: Config,
  names: readonly string[] | undefined,
  context: TargetContext,
  reporter: Reporter,
): Promise<ResolvedTargets> {
  const once = readingOnce({
    ...context,
    loadConfig: () => Promise.resolve(config),
  });
  const asked: Asked[] = [];
  const failures: TargetFailure[] = [];
  for (const name of names ?? config.targets.keys()) {
    try {
      asked.push(...await gatherEach([name], {}, once, reporter));
    } catch (error) {
      failures.push({ name, error });
    }
  }
  const resolved = await resolveEach(asked, once, reporter);
  return {
    targets: resolved.targets,
    failures: [...failures, ...resolved.failures],
  };
}

async function gatherEach(
  names: Iterable<string>,
  options: TargetOptions,
  context: TargetContext,
  reporter: Reporter,
): Promise<Asked[]> {
  const asked: Asked[] = [];
  for (const name of new Set(names)) {
    const gathered = await gatherFields({ name, options }, context, reporter);
    asked.push({ name, gathered });
  }
  return asked;
}

async function gatherUnnamed(
  options: TargetOptions,
  context: TargetContext,
  reporter: Reporter,
): Promise<Asked[]> {
  const named = await gatherNamed({ options }, context, reporter);
  if (named === undefined) {
    const { targets } = await context.loadConfig(options.config);
    if (targets.size > 0) {
      return await gatherEach(targets.keys(), options, context, reporter);
    }
  }
  const gathered = named ?? await gatherFields({ options }, context, reporter);
  return [{ name: gathered.name ?? "target", gathered }];
}

async function resolveEach(
  asked: readonly Asked[],
  context: TargetContext,
  reporter: Reporter,
): Promise<ResolvedTargets> {
  const targets = new Map<string, NamedTarget>();
  const outcomes: (NamedTarget | TargetFailure)[] = [];
  const queue = asked.entries();
  async function work() {
    for (const [index, { name, gathered }] of queue) {
      try {
        const target = await resolveFields(gathered.given, context, reporter);
        outcomes[index] = { name: gathered.name ?? targetName(target), target };
      } catch (error) {
        outcomes[index] = { name, error };
      }
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  const failures: TargetFailure[] = [];
  for (const outcome of outcomes) {
    if ("error" in outcome) failures.push(outcome);
    else targets.set(outcome.name, outcome);
  }
  return { targets: [...targets.values()], failures };
}

/** The same context, which reads each file and asks each question once. */
function readingOnce(context: TargetContext): TargetContext {
  let services: ReturnType<TargetContext["loadPgServices"]> | undefined;
  return {
    ...context,
    loadConfig: remembering((file) => context.loadConfig(file)),
    loadPgServices: () => services ??= context.loadPgServices(),
    defaultRegion: remembering((profile) => context.defaultRegion(profile)),
  };
}

/** The same function, which is called once for each argument. */
function remembering<Value>(
  read: (argument: string | undefined) => Promise<Value>,
): (argument?: string) => Promise<Value> {
  const known = new Map<string | undefined, Promise<Value>>();
  return (argument) => {
    const value = known.get(argument) ?? read(argument);
    known.set(argument, value);
    return value;
  };
}
