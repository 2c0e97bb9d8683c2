import { read } from "../run.ts";
import type { Licensed } from "./licences.ts";

const LICENCE_FILE =
  /^(?:licen[cs]e|copying|notice|copyrightnotice)(?:\.(?:md|txt))?$/i;

/** Reads the licences of npm packages, `name@version` each, from Deno's cache. */
export async function readLicences(
  packages: readonly string[],
): Promise<Licensed[]> {
  const { npmCache } = JSON.parse(
    await read(Deno.execPath(), "info", "--json"),
  );
  return await Promise.all(packages.map(async (specifier) => {
    const [, name = "", version = ""] = /^(.+)@([^@]+)$/.exec(specifier) ?? [];
    const folder = `${npmCache}/registry.npmjs.org/${name}/${version}`;
    const manifest = JSON.parse(
      await Deno.readTextFile(`${folder}/package.json`),
    );
    return {
      name,
      version,
      licence: String(manifest.license ?? ""),
      author: person(manifest.author),
      homepage: String(manifest.homepage ?? ""),
      text: await licenceText(folder),
    };
  }));
}

function person(author: unknown): string {
  if (typeof author === "string") return author.replace(/ *[<(].*$/, "");
  if (author instanceof Object && "name" in author) return String(author.name);
  return "";
}

async function licenceText(folder: string): Promise<string> {
  const names: string[] = [];
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && LICENCE_FILE.test(name)) names.push(name);
  }
  const texts = await Promise.all(
    names.sort().map((name) => Deno.readTextFile(`${folder}/${name}`)),
  );
  return texts
    .map((text) => text.replaceAll("\r", "").replace(/[ \t]+$/gm, "").trim())
    .join("\n\n");
}
