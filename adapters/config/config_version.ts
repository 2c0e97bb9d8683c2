import { findConfigFiles, namedConfigFile } from "./config_paths.ts";

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
