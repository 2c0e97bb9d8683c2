import { dirname, join } from "node:path";
import { temporaryFolder } from "./temporary_folder.ts";

/** A tree of files and a folder in it to stand in, until it is disposed of. */
export async function workIn(folder: string, files: Record<string, string>) {
  const root = await temporaryFolder();
  const path = await Deno.realPath(root.path);
  for (const [name, text] of Object.entries(files)) {
    await Deno.mkdir(dirname(join(path, name)), { recursive: true });
    await Deno.writeTextFile(join(path, name), text);
  }
  await Deno.mkdir(join(path, folder), { recursive: true });
  return {
    path,
    folder: join(path, folder),
    environment: { HOME: join(path, "home") },
    [Symbol.asyncDispose]: () => root[Symbol.asyncDispose](),
  };
}
