import { join, resolve } from "node:path";

/**
 * A path as a user writes it: `~` at its beginning is the home folder, which a shell does not see to in `NAME=~/file` or in
 * a configuration file.
 *
 * @param folder what a relative path starts from
 * @returns the absolute path; `undefined` when it wants a home folder and there is none
 */
export function userPath(
  text: string,
  folder: string,
  home: string | undefined,
): string | undefined {
  const fromHome = /^~(?:[/\\](.*))?$/s.exec(text);
  if (fromHome === null) return resolve(folder, text);
  return home && join(home, fromHome[1] ?? "");
}
