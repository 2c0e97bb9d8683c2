import { basename, join, resolve } from "node:path";
import {
  findProgram,
  findPrograms,
} from "../../adapters/process/find_program.ts";
import {
  guardWriter,
  PLUGIN_DEADLINE_MS,
  pluginError,
  type PluginSource,
} from "../../adapters/writer/guarded_writer.ts";
import { namesIn } from "../../adapters/files/names_in.ts";
import { requireTrustedFile } from "../../adapters/files/trusted_file.ts";
import { loadWriterModule } from "../../adapters/writer/module.ts";
import { loadWriterProgram } from "../../adapters/writer/program.ts";
import { userFolder } from "../../core/config/user_folder.ts";
import {
  isModulePath,
  isPluginName,
  isPluginPath,
} from "../../core/writer/plugin.ts";
import type { WriterOptions } from "../../core/writer/protocol.ts";
import type { Writer } from "../../core/writer/writer.ts";

/** What the name of a program that is a writer begins with. */
const PREFIX = "rdsiam-writer-";

const MODULE_ENDINGS = [".ts", ".js", ".mjs"];

type Environment = Record<string, string>;

/**
 * Where a writer that is not built in comes from: a path stands for itself, a name is looked for in the user's plugin
 * folder, then as `rdsiam-writer-NAME` on `PATH`.
 */
export async function findOutsideWriter(
  name: string,
  environment: Environment,
): Promise<PluginSource | undefined> {
  if (isPluginPath(name)) {
    const path = resolve(name);
    return { name: nameOf(path), path };
  }
  if (!isPluginName(name)) return undefined;
  const module = (await pluginModules(environment))
    .find((source) => source.name === name);
  if (module !== undefined) return module;
  const path = await findProgram(`${PREFIX}${name}`, environment);
  return path === undefined ? undefined : { name, path };
}

/** Every writer in the plugin folder and on `PATH`, in the order in which a name is looked for. */
export async function findOutsideWriters(
  environment: Environment,
): Promise<PluginSource[]> {
  const programs = await findPrograms(PREFIX, environment);
  return [
    ...await pluginModules(environment),
    ...programs.map(({ name, path }) => ({
      name: name.slice(PREFIX.length),
      path,
    })).filter(({ name }) => isPluginName(name)),
  ];
}

/**
 * Loads a writer from outside. It runs as this user, and so only what nobody else can change is loaded.
 *
 * @throws {RdsiamError} `usage`, when others could have written it; `failed`, when it does not work
 */
export async function loadOutsideWriter(
  source: PluginSource,
  options: WriterOptions,
  environment: Environment,
): Promise<Writer> {
  const path = await requireTrustedFile(source.path);
  let writer: unknown;
  try {
    if (isModulePath(path)) {
      const makeWriter = await loadWriterModule(path, PLUGIN_DEADLINE_MS);
      writer = makeWriter(options);
    } else {
      const program = { ...source, options, environment };
      const deadlineMs = PLUGIN_DEADLINE_MS;
      writer = await loadWriterProgram({ ...program, deadlineMs });
    }
  } catch (error) {
    // Wrong options are the user's, and reported as those of a built-in writer.
    if (error instanceof RangeError) throw error;
    throw pluginError(error, source);
  }
  return guardWriter(writer, source);
}

/** The folder of the user's own plugins, beside the configuration file. */
export function pluginFolder(environment: Environment): string | undefined {
  const folder = userFolder("config", environment, Deno.build.os);
  return folder === undefined ? undefined : join(folder, "plugins");
}

async function pluginModules(
  environment: Environment,
): Promise<PluginSource[]> {
  const folder = pluginFolder(environment);
  if (folder === undefined) return [];
  return (await namesIn(folder)).sort()
    .filter(isModulePath)
    .map((file) => ({ name: nameOf(file), path: join(folder, file) }))
    .filter(({ name }) => isPluginName(name));
}

/** What a file's writer is called. */
function nameOf(path: string): string {
  const ending = MODULE_ENDINGS.find((ending) => path.endsWith(ending)) ?? "";
  const name = basename(path, ending);
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name;
}
