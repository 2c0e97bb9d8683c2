import type { BundleFile } from "./bundle.ts";

/** Reads the bundle in a folder. */
export async function readBundle(folder: string): Promise<BundleFile[]> {
  const files: BundleFile[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".js")) continue;
    files.push({ name, text: await Deno.readTextFile(`${folder}/${name}`) });
  }
  return files.sort((a, b) => a.name < b.name ? -1 : 1);
}
