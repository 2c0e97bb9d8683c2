import { type FileHandle, open, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Config, ConfigFile } from "../core/config/config.ts";
import { mergeConfigs } from "../core/config/merge.ts";
import { RdsiamError } from "../core/errors.ts";
import { distrust } from "./distrust.ts";

/** A project's configuration file. */
export const PROJECT_FILE = "rdsiam.toml";

/** Variables, as the process has them. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the configuration: the file that is named, in `RDSIAM_CONFIG` if not here, else the project's and the user's own.
 *
 * @param file the file that alone is to be read, as the user named it
 * @throws {RdsiamError} `usage`, when the named file is not there, a found one could be somebody else's work, or one cannot be
 * understood; `failed`, when one cannot be read
 */
export async function loadConfig(
  file: string | undefined,
  environment: Environment,
): Promise<Config> {
  const named = file ?? (environment.RDSIAM_CONFIG || undefined);
  if (named !== undefined) {
    const origin = file === undefined ? "RDSIAM_CONFIG" : "--config";
    return mergeConfigs([await readNamed(named, origin, environment)]);
  }
  const files: ConfigFile[] = [];
  for (const path of await findConfigFiles(environment)) {
    files.push(await readFound(path, environment));
  }
  return mergeConfigs(files);
}

/** The configuration files that are there, the nearest first: the project's, then the user's own. */
export async function findConfigFiles(
  environment: Environment,
): Promise<string[]> {
  const own = userConfigPath(environment);
  const found = [
    await findUpwards(currentFolder()),
    own !== undefined && await isFile(own) ? own : undefined,
  ];
  return found.filter((path) => path !== undefined);
}

/** Where the user's own configuration file belongs; `undefined` without a home. */
export function userConfigPath(
  environment: Environment,
  os: string = Deno.build.os,
): string | undefined {
  const { XDG_CONFIG_HOME, APPDATA } = environment;
  const home = homeFolder(environment);
  const parent = os === "windows"
    ? APPDATA || undefined
    : os === "darwin"
    ? home && join(home, "Library", "Application Support")
    : XDG_CONFIG_HOME?.startsWith("/") // a relative one is to be ignored, says the XDG specification
    ? XDG_CONFIG_HOME
    : home && join(home, ".config");
  return parent && join(parent, "rdsiam", "config.toml");
}

/** The user's home folder. */
export function homeFolder(environment: Environment): string | undefined {
  return environment.HOME || environment.USERPROFILE || undefined;
}

async function findUpwards(
  folder: string | undefined,
): Promise<string | undefined> {
  while (folder !== undefined) {
    const path = join(folder, PROJECT_FILE);
    if (await isFile(path)) return path;
    const parent = dirname(folder);
    folder = parent === folder ? undefined : parent;
  }
  return undefined;
}

/** The working directory, unless it has been removed. */
function currentFolder(): string | undefined {
  try {
    return Deno.cwd();
  } catch {
    return undefined;
  }
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then((info) => info.isFile(), () => false);
}

async function readNamed(
  name: string,
  origin: string,
  environment: Environment,
): Promise<ConfigFile> {
  const path = resolve(name);
  try {
    return await parse(path, await Deno.readFile(path), environment);
  } catch (cause) {
    if (
      !(cause instanceof Deno.errors.NotFound ||
        cause instanceof Deno.errors.NotADirectory)
    ) throw unreadable(path, cause);
    throw new RdsiamError(
      "usage",
      `Configuration file "${path}" of ${origin} is not there`,
      { hint: "Name one that is, or leave it out", cause },
    );
  }
}

async function readFound(
  path: string,
  environment: Environment,
): Promise<ConfigFile> {
  let handle: FileHandle | undefined;
  try {
    // What is checked is what is read: in a folder of many users' another file could take its place meanwhile.
    handle = await open(path);
    const why = distrust(await handle.stat());
    if (why !== undefined) {
      throw new RdsiamError(
        "usage",
        `Configuration file "${path}" is not trusted: ${why}`,
        {
          hint:
            `Make it yours alone to write, or name it with --config ${path}`,
        },
      );
    }
    return await parse(path, await handle.readFile(), environment);
  } catch (cause) {
    throw unreadable(path, cause);
  } finally {
    await handle?.close();
  }
}

async function parse(
  path: string,
  bytes: Uint8Array,
  environment: Environment,
): Promise<ConfigFile> {
  const { parseConfig } = await import("../core/config/parse.ts");
  return await parseConfig(decode(path, bytes), {
    file: path,
    home: homeFolder(environment),
  });
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new RdsiamError(
      "usage",
      `Configuration file "${path}" is not UTF-8`,
      { hint: "Save it as UTF-8", cause },
    );
  }
}

function unreadable(path: string, cause: unknown): RdsiamError {
  if (cause instanceof RdsiamError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new RdsiamError(
    "failed",
    `Configuration file "${path}" cannot be read: ${why}`,
    { cause },
  );
}
