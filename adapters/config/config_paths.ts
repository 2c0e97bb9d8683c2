import { stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { userFolder } from "../../core/config/user_folder.ts";
import { RdsiamError } from "../../core/errors.ts";

/** A project's configuration file. */
const PROJECT_FILE = "rdsiam.toml";

/** Variables, as the process has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The configuration file that a target is added to: the one that is named, else the project's, else the user's own, which
 * need not be there.
 *
 * @param folder where the user stands; the working directory, if there is one, when left out
 * @throws {RdsiamError} `usage`, when there is none and no home folder
 */
export async function configPath(
  file: string | undefined,
  environment: Environment,
  folder: string | undefined = currentFolder(),
): Promise<string> {
  const named = namedConfigFile(file, environment);
  if (named !== undefined) return resolve(folder ?? "", named);
  const [nearest = userConfigPath(environment)] = await findConfigFiles(
    environment,
    folder,
  );
  if (nearest !== undefined) return nearest;
  throw new RdsiamError(
    "usage",
    "There is no configuration file, and no home folder for one",
    { hint: "Name one with --config" },
  );
}

/** The file that the user named, with `--config` or else `RDSIAM_CONFIG`. */
export function namedConfigFile(
  file: string | undefined,
  { RDSIAM_CONFIG }: Environment,
): string | undefined {
  return file ?? (RDSIAM_CONFIG || undefined);
}

/** The configuration files that are there, the nearest first: the project's, then the user's own. */
export async function findConfigFiles(
  environment: Environment,
  folder: string | undefined = currentFolder(),
): Promise<string[]> {
  const own = userConfigPath(environment);
  const found = [
    await findUpwards(folder),
    own !== undefined && await isFile(own) ? own : undefined,
  ];
  return found.filter((path) => path !== undefined);
}

/** Where the user's own configuration file belongs; `undefined` without a home. */
export function userConfigPath(
  environment: Environment,
  os: string = Deno.build.os,
): string | undefined {
  const folder = userFolder("config", environment, os);
  return folder && join(folder, "config.toml");
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
export function currentFolder(): string | undefined {
  try {
    return Deno.cwd();
  } catch {
    return undefined;
  }
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then((info) => info.isFile(), () => false);
}
