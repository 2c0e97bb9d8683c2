/**
 * The folder of a user's own configuration and plugins: `$XDG_CONFIG_HOME/rdsiam`, else `~/.config/rdsiam`,
 * `~/Library/Application Support/rdsiam` or `%APPDATA%\rdsiam`; `undefined` without a home.
 *
 * @param os `linux`, `darwin`, `windows` …
 */
export function userFolder(
  environment: Readonly<Record<string, string | undefined>>,
  os: string,
): string | undefined {
  const { XDG_CONFIG_HOME, HOME, APPDATA } = environment;
  if (os === "windows") return APPDATA ? `${APPDATA}\\rdsiam` : undefined;
  // The XDG specification has a relative path ignored.
  if (XDG_CONFIG_HOME?.startsWith("/")) return `${XDG_CONFIG_HOME}/rdsiam`;
  if (!HOME) return undefined;
  return os === "darwin"
    ? `${HOME}/Library/Application Support/rdsiam`
    : `${HOME}/.config/rdsiam`;
}
