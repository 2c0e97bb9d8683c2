import assert from "node:assert/strict";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { pages, readPage } from "./commands.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What is between the fences is no Markdown. */
function withoutCode(text: string): string {
  return text.replace(/^ *```.*?^ *```/gms, "");
}

/** The names that GitHub gives to a page's headings. */
async function anchorsOf(page: string): Promise<Set<string>> {
  const text = withoutCode(await readPage(page));
  return new Set(
    [...text.matchAll(/^#+ +(.+)$/gm)].map(([, heading = ""]) =>
      heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase()
        .replace(/[^\p{L}\p{N}_\- ]/gu, "").replaceAll(" ", "-")
    ),
  );
}

/** Where a page's links lead, but for those to other sites. */
async function linksOf(page: string): Promise<string[]> {
  const text = withoutCode(await readPage(page));
  return [
    ...text.matchAll(/\]\(\s*([^)\s]+)\s*\)/g),
    ...text.matchAll(/^\[[^\]]+\]: *(\S+)/gm),
  ].map(([, link = ""]) => link).filter((link) =>
    !/^(https?|mailto):/.test(link)
  );
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

Deno.test("Every link of the documentation leads to a file and a heading that there are", async () => {
  const broken: string[] = [];
  let count = 0;
  const others = ["CHANGELOG.md", ".github/CONTRIBUTING.md"];
  for (const page of [...await pages(), ...others]) {
    for (const link of await linksOf(page)) {
      count++;
      const [path = "", anchor] = link.split("#");
      const file = path === "" ? page : normalize(join(dirname(page), path));
      const isThere = await exists(join(ROOT, file)) &&
        (anchor === undefined || (await anchorsOf(file)).has(anchor));
      if (!isThere) broken.push(`${page}: ${link}`);
    }
  }
  assert.deepEqual(broken, []);
  assert.ok(count > 50, `${count} links were found`);
});

Deno.test("Every page of docs is linked from another page", async () => {
  const all = await pages();
  const linked = new Set<string>();
  for (const page of all) {
    for (const link of await linksOf(page)) {
      const path = link.split("#")[0] ?? "";
      if (path !== "") linked.add(normalize(join(dirname(page), path)));
    }
  }
  const docs = all.filter((page) => page.startsWith("docs/"));
  assert.deepEqual(docs.filter((page) => !linked.has(page)), []);
});
