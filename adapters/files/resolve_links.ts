import { basename, dirname, isAbsolute, join } from "node:path";
import { RdsiamError } from "../../core/errors.ts";

const MOST_LINKS = 40; // as Linux

/**
 * Where a file really is, or would be: links are followed, the last one even to a file that is not there.
 *
 * @returns `undefined` when the folder of the path is not there
 * @throws {RdsiamError} `failed`, when links go round, or one leads to a folder that is not there
 * @throws {Error} when a folder cannot be entered
 */
export async function resolveLinks(path: string): Promise<string | undefined> {
  let next = path;
  for (let links = 0; links <= MOST_LINKS; links++) {
    const folder = await realFolder(dirname(next));
    if (folder === undefined) {
      if (links === 0) return undefined;
      throw linkError(
        path,
        `it is a link to "${next}", whose folder is missing`,
      );
    }
    const real = join(folder, basename(next));
    const target = await linkTarget(real);
    if (target === undefined) return real;
    // Not `resolve()`: a ".." after a linked folder leads out of that folder's real place.
    next = isAbsolute(target) ? target : `${folder}/${target}`;
  }
  throw linkError(path, "its links lead in a circle");
}

async function realFolder(path: string): Promise<string | undefined> {
  const names = path.split("/");
  const up = names.indexOf("..");
  try {
    if (up < 0) return await Deno.realPath(path);
    // Unless it has every permission, Deno goes up by the names alone, out of the link instead of its real place.
    const below = await Deno.realPath(names.slice(0, up).join("/") || "/");
    return await realFolder([dirname(below), ...names.slice(up + 1)].join("/"));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function linkTarget(path: string): Promise<string | undefined> {
  try {
    const { isSymlink } = await Deno.lstat(path);
    return isSymlink ? await Deno.readLink(path) : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function linkError(path: string, why: string): RdsiamError {
  return new RdsiamError("failed", `File "${path}" is not used: ${why}`, {
    hint: "Point the link to a file, or remove it",
  });
}
