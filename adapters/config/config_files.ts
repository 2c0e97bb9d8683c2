import { type FileHandle, open } from "node:fs/promises";
import { resolve } from "node:path";
import {
  type Config,
  type ConfigFile,
  mergeConfigs,
} from "../../core/config/config.ts";
import { RdsiamError } from "../../core/errors.ts";
import {
  currentFolder,
  type Environment,
  findConfigFiles,
  homeFolder,
  namedConfigFile,
} from "./config_paths.ts";
import { distrust } from "../files/trusted_file.ts";
import { fileError } from "../files/errors.ts";

/**
 * Reads the configuration: the file that is named, in `RDSIAM_CONFIG` if not here, else the project's and the user's own.
 *
 * @param file the file that alone is to be read, as the user named it
 * @param folder where the user stands; the working directory, if there is one, when left out
 * @param only the target that is wanted: of large files, others may be left out
 * @throws {RdsiamError} `usage`, when the named file is not there, a found one could be somebody else's work, or one cannot be
 * understood; `failed`, when one cannot be read
 */
export async function loadConfig(
  file: string | undefined,
  environment: Environment,
  folder: string | undefined = currentFolder(),
  only?: string,
): Promise<Config> {
  const named = namedConfigFile(file, environment);
  if (named !== undefined) {
    const origin = file === undefined ? "RDSIAM_CONFIG" : "--config";
    return mergeConfigs([
      await readNamed(
        resolve(folder ?? "", named),
        origin,
        environment,
        only,
      ),
    ]);
  }
  const files: ConfigFile[] = [];
  for (const path of await findConfigFiles(environment, folder)) {
    files.push(await readFound(path, environment, only));
  }
  return mergeConfigs(files);
}

async function readNamed(
  path: string,
  origin: string,
  environment: Environment,
  only: string | undefined,
): Promise<ConfigFile> {
  try {
    return await parse(path, await Deno.readFile(path), environment, only);
  } catch (cause) {
    if (
      !(cause instanceof Deno.errors.NotFound ||
        cause instanceof Deno.errors.NotADirectory)
    ) throw fileError(path, "read", cause);
    throw new RdsiamError(
      "usage",
      `Configuration file "${path}" of ${origin} does not exist`,
      { hint: "Name a file that does, or leave it out", cause },
    );
  }
}

async function readFound(
  path: string,
  environment: Environment,
  only: string | undefined,
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
            `Let only yourself write to it, or name it with --config ${path}`,
        },
      );
    }
    return await parse(path, await handle.readFile(), environment, only);
  } catch (cause) {
    throw fileError(path, "read", cause);
  } finally {
    await handle?.close();
  }
}

async function parse(
  path: string,
  bytes: Uint8Array,
  environment: Environment,
  only: string | undefined,
): Promise<ConfigFile> {
  const { parseConfig } = await import("../../core/config/parse.ts");
  const place = { file: path, home: homeFolder(environment) };
  const text = decode(path, bytes);
  if (only !== undefined && bytes.length > LARGE) {
    const { withoutOthers } = await import(
      "../../core/config/without_others.ts"
    );
    const rest = withoutOthers(text, only);
    try {
      if (rest !== undefined) return await parseConfig(rest, place);
    } catch (error) {
      if (!(error instanceof RdsiamError)) throw error;
      // The whole text tells in which line.
    }
  }
  return await parseConfig(text, place);
}

/** From so many bytes on, a file is not read as a whole for one target. */
const LARGE = 32 * 1024;

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

/**
 * A text that is another one when a configuration file has come, gone or changed; cheap enough to be asked for every few
 * seconds.
 *
 * @param file the file that alone is read, as the user named it
 */
export async function configVersion(
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const named = namedConfigFile(file, environment);
  const paths = named !== undefined
    ? [named]
    : await findConfigFiles(environment);
  const states = await Promise.all(paths.map(async (path) => {
    try {
      const { mtime, size, ino } = await Deno.stat(path);
      return `${path}\0${mtime?.getTime()}\0${size}\0${ino}`;
    } catch {
      return path;
    }
  }));
  return states.join("\0");
}
