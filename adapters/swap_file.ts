/**
 * The moments at which a file changes place: plain system calls one after the other, with nothing in between, since
 * what another program does between them could be missed.
 */

/** What became of a file: replaced and the old one kept, replaced and not kept, or left since it has changed. */
export type Swapped = "kept" | "not kept" | "changed";

/**
 * Puts a file in another's place, which is kept under a third name. A program that replaces the file just between the
 * two calls that this takes is not seen; one that does before, or that writes to the old file, is in what is kept.
 *
 * @param by the new file; without it, the old one only goes
 */
export function replaceKeeping(
  path: string,
  by: string | undefined,
  keepAs: string,
): Swapped {
  return by === undefined ? remove(path, keepAs) : replace(path, by, keepAs);
}

/** Puts a file in a place where there is none. Unlike a rename, a link never takes another's place. */
export function create(path: string, by: string): Swapped {
  try {
    Deno.linkSync(by, path);
    Deno.removeSync(by);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return "changed";
    Deno.renameSync(by, path);
  }
  return "not kept";
}

/** Whether a file is not the one any more that was read, as far as the system tells: it counts in milliseconds. */
export function hasChanged(
  path: string,
  seen: Deno.FileInfo | undefined,
): boolean {
  const now = statOf(path);
  return now?.dev !== seen?.dev || now?.ino !== seen?.ino ||
    now?.size !== seen?.size ||
    now?.mtime?.getTime() !== seen?.mtime?.getTime();
}

function replace(path: string, by: string, keepAs: string): Swapped {
  let swapped: Swapped = "kept";
  try {
    Deno.linkSync(path, keepAs);
  } catch {
    swapped = "not kept"; // This file system has no hard links, or not for this file.
  }
  try {
    Deno.renameSync(by, path);
  } catch (error) {
    if (swapped === "kept") Deno.removeSync(keepAs);
    throw error;
  }
  return swapped;
}

function remove(path: string, keepAs: string): Swapped {
  try {
    Deno.renameSync(path, keepAs);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "changed";
    throw error;
  }
  return "kept";
}

function statOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
