import { join, resolve } from "node:path";

/** The variables of a process. */
type Environment = Readonly<Record<string, string | undefined>>;

/** What a folder is for: what the user writes, what programs keep, what can be made or fetched again. */
export type FolderPurpose = "config" | "data" | "cache";

/** Where each system has it: below the variable of the XDG specification, below the home folder, below Windows' variable. */
const PLACES: Readonly<
  Record<
    FolderPurpose,
    { xdg: string; linux: string; darwin: string; windows: string }
  >
> = {
  config: {
    xdg: "XDG_CONFIG_HOME",
    linux: ".config",
    darwin: "Library/Application Support",
    windows: "APPDATA",
  },
  data: {
    xdg: "XDG_DATA_HOME",
    linux: ".local/share",
    darwin: "Library/Application Support",
    windows: "LOCALAPPDATA",
  },
  cache: {
    xdg: "XDG_CACHE_HOME",
    linux: ".cache",
    darwin: "Library/Caches",
    windows: "LOCALAPPDATA",
  },
};

/**
 * The folder of a user's own configuration and plugins (`~/.config/rdsiam`), of what rdsiam keeps for other programs
 * (`~/.local/share/rdsiam`), or of what it can make again (`~/.cache/rdsiam`), each where the system has it.
 *
 * @param os `linux`, `darwin`, `windows` …
 * @returns `undefined` without a home
 */
export function userFolder(
  purpose: FolderPurpose,
  environment: Environment,
  os: string,
): string | undefined {
  const { windows } = PLACES[purpose];
  if (os !== "windows") {
    const folder = systemFolder(purpose, environment, os);
    return folder && `${folder}/rdsiam`;
  }
  const folder = environment[windows];
  if (!folder) return undefined;
  return `${folder}\\rdsiam${purpose === "cache" ? "\\cache" : ""}`;
}

/** The folder that the user's programs share for a purpose, on a system other than Windows; `undefined` without a home. */
export function systemFolder(
  purpose: FolderPurpose,
  environment: Environment,
  os: string,
): string | undefined {
  const { xdg, linux, darwin } = PLACES[purpose];
  const named = environment[xdg];
  if (named?.startsWith("/")) return named; // the XDG specification has a relative path ignored
  const { HOME } = environment;
  return HOME ? `${HOME}/${os === "darwin" ? darwin : linux}` : undefined;
}

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
