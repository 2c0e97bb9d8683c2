import type { PluginSource } from "../../adapters/writer/guarded_writer.ts";
import { errorMessage, RdsiamError } from "../../core/errors.ts";
import { didYouMean } from "../../core/text/nearest.ts";
import { isPluginPath } from "../../core/writer/plugin.ts";
import type {
  Writer,
  WriterDescription,
  WriterOption,
} from "../../core/writer/writer.ts";
import type { WriterOptionError } from "../../plugins/contract/writer_options.ts";
import { WRITERS } from "../../plugins/mod.ts";
import type { Context } from "../frame/context.ts";

/** What of the context writers need. */
type WriterContext = Pick<Context, "environment">;

/** A writer that can be named, or the reason why it cannot. */
export interface ListedWriter {
  name: string;
  /** `built-in`, or the absolute path of the plugin. */
  origin: string;
  /** What it tells of itself; missing when it does not work. */
  description?: WriterDescription;
  /** Where its client looks for the file, if there is such a place. */
  defaultPath?: string;
  /** Why it cannot be used. */
  error?: string;
}

/**
 * Makes a writer: what is built in goes before any plugin of that name. Plugins' code is loaded for a plugin alone.
 *
 * @param name its name, or the path of a plugin
 * @throws {RdsiamError} `usage`, when it is not known, an option is wrong, or others could have written it; `failed`,
 * when a plugin does not work
 */
export async function loadWriter(
  name: string,
  options: Readonly<Record<string, WriterOption>>,
  { environment }: WriterContext,
): Promise<Writer> {
  const builtIn = WRITERS.find((writer) => writer.name === name);
  try {
    if (builtIn !== undefined) return (await builtIn.load()).default(options);
    const outside = await import("./outside_writers.ts");
    const source = await outside.findOutsideWriter(name, environment);
    if (source === undefined) {
      throw unknownWriter(name, await outside.findOutsideWriters(environment));
    }
    return await outside.loadOutsideWriter(source, options, environment);
  } catch (error) {
    throw error instanceof RangeError ? optionError(name, error) : error;
  }
}

/** Every writer that is installed, what is built in first. Plugins are loaded to ask them what they are. */
export async function listWriters(
  context: WriterContext,
): Promise<ListedWriter[]> {
  const { findOutsideWriters } = await import("./outside_writers.ts");
  const sources = await findOutsideWriters(context.environment);
  return await Promise.all([
    ...WRITERS.map(({ name }) => listWriter(name, "built-in", context)),
    ...sources.map((source, index) =>
      listOutsideWriter(source, sources.slice(0, index), context)
    ),
  ]);
}

async function listOutsideWriter(
  { name, path }: PluginSource,
  before: readonly PluginSource[],
  context: WriterContext,
): Promise<ListedWriter> {
  if (WRITERS.some((writer) => writer.name === name)) {
    const error = `Plugin "${path}" is left out: "${name}" is built in`;
    return { name, origin: path, error };
  }
  const first = before.find((source) => source.name === name);
  if (first !== undefined) {
    const error = `Plugin "${path}" is left out: "${first.path}" goes first`;
    return { name, origin: path, error };
  }
  return { ...await listWriter(path, path, context), name };
}

async function listWriter(
  name: string,
  origin: string,
  context: WriterContext,
): Promise<ListedWriter> {
  try {
    const writer = await loadWriter(name, {}, context);
    const defaultPath = writer.defaultPath(
      context.environment,
      Deno.build.os,
    );
    return {
      name,
      origin,
      description: writer.describe,
      ...(defaultPath !== undefined && { defaultPath }),
    };
  } catch (error) {
    const why = errorMessage(error);
    return { name, origin, error: why };
  }
}

function unknownWriter(
  name: string,
  sources: readonly PluginSource[],
): RdsiamError {
  const names = [...WRITERS, ...sources].map(({ name }) => name);
  return new RdsiamError("usage", `Writer "${name}" is not known`, {
    hint: didYouMean(name, names) ??
      "Run rdsiam writers to list them",
  });
}

/** A plugin may have a copy of `WriterOptionError` of its own: what counts is whether there is a hint. */
function optionError(
  name: string,
  { message, hint }: RangeError & Partial<Pick<WriterOptionError, "hint">>,
): RdsiamError {
  const writer = isPluginPath(name)
    ? `Writer of "${name}"`
    : `Writer "${name}"`;
  return new RdsiamError(
    "usage",
    `${writer} cannot be made: ${message.charAt(0).toLowerCase()}${
      message.slice(1)
    }`,
    typeof hint === "string" ? { hint } : {},
  );
}
