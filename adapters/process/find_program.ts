import { delimiter, isAbsolute, join } from "node:path";
import { namesIn } from "../files/names_in.ts";

/** What a program's name ends with. */
const ENDINGS = Deno.build.os === "windows" ? [".exe", ".cmd", ".bat"] : [""];

/** A program that was found. */
export interface FoundProgram {
  /** Its name, without an ending. */
  name: string;
  /** Its absolute path. */
  path: string;
}

/** The program of this name that a shell would run; folders of `PATH` that are not absolute are passed by. */
export async function findProgram(
  name: string,
  environment: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  for (const folder of pathFolders(environment)) {
    for (const ending of ENDINGS) {
      const path = join(folder, `${name}${ending}`);
      if (await isProgram(path)) return path;
    }
  }
  return undefined;
}

/** Every program on `PATH` whose name begins so, by name; of one name, the one that a shell would run. */
export async function findPrograms(
  prefix: string,
  environment: Readonly<Record<string, string>>,
): Promise<FoundProgram[]> {
  const found = new Map<string, FoundProgram>();
  for (const folder of pathFolders(environment)) {
    for (const file of await namesIn(folder)) {
      const ending = ENDINGS.find((ending) => file.endsWith(ending));
      if (!file.startsWith(prefix) || ending === undefined) continue;
      const name = file.slice(0, file.length - ending.length);
      const path = join(folder, file);
      if (!found.has(name) && await isProgram(path)) {
        found.set(name, { name, path });
      }
    }
  }
  return [...found.values()].sort((a, b) => a.name < b.name ? -1 : 1);
}

function pathFolders(environment: Readonly<Record<string, string>>): string[] {
  // Windows spells it Path.
  const path = environment.PATH ?? environment.Path ?? "";
  return [...new Set(path.split(delimiter))].filter(isAbsolute);
}

async function isProgram(path: string): Promise<boolean> {
  try {
    const { isFile, mode } = await Deno.stat(path);
    return isFile && (mode === null || (mode & 0o111) !== 0);
  } catch {
    return false;
  }
}
