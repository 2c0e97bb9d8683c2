import { dirname } from "node:path";
import { distrust } from "./trusted_file.ts";

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
