/** The environment variables that say where a user's folders are. */
type Environment = Readonly<Record<string, string | undefined>>;

/** Where a client keeps its files on each system: folders below the user's own. */
export interface ClientFolders {
  /** Below the home folder; on systems that are neither macOS nor Windows. */
  linux: string;
  /** Below the home folder. */
  darwin: string;
  /** Below `%APPDATA%`. */
  windows: string;
}

/**
 * The path of a file that a client keeps below the user's folder, `undefined` when the variable that says where that is
 * is missing. `/` divides the parts.
 */
export function clientPath(
  environment: Environment,
  os: string,
  folders: ClientFolders,
): string | undefined {
  if (os === "windows") {
    return below(environment.APPDATA, folders.windows)?.replaceAll("/", "\\");
  }
  return below(
    environment.HOME,
    os === "darwin" ? folders.darwin : folders.linux,
  );
}

function below(folder: string | undefined, path: string): string | undefined {
  return folder === undefined || folder === ""
    ? undefined
    : `${folder}/${path}`;
}
