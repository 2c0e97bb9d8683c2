import { dirname, join } from "node:path";
import { distrust } from "./distrust.ts";

/**
 * The folder below which rdsiam keeps what can be made or fetched again.
 *
 * @returns `undefined` when the environment names no home
 */
export function cacheFolder(
  { HOME, XDG_CACHE_HOME, LOCALAPPDATA }: Readonly<
    Record<string, string | undefined>
  >,
  os: string = Deno.build.os,
): string | undefined {
  switch (os) {
    case "windows":
      return LOCALAPPDATA && `${LOCALAPPDATA}\\rdsiam\\cache`;
    case "darwin":
      return HOME && join(HOME, "Library/Caches/rdsiam");
    default: {
      const caches = XDG_CACHE_HOME || (HOME && join(HOME, ".cache"));
      return caches && join(caches, "rdsiam");
    }
  }
}

/**
 * Whether nobody else can have written a kept file. One that others can write to is as none.
 *
 * @throws when it is not there
 */
export async function isKeptSafely(path: string): Promise<boolean> {
  for (const each of [path, dirname(path)]) {
    const { uid, gid, mode } = await Deno.stat(each);
    const owned = { uid: uid ?? 0, gid: gid ?? 0, mode: mode ?? 0 };
    if (distrust(owned) !== undefined) return false;
  }
  return true;
}
