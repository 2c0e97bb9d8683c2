/** Every statement about security is held by tests that say so: `// security: ID` above a test, `<!-- holds: ID -->` behind a statement. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readPage } from "./commands.ts";

const TESTS = fileURLToPath(new URL("..", import.meta.url));

/** A statement, and the names that tests hold it by; none for what is said of others than rdsiam. */
interface Statement {
  text: string;
  held: readonly string[] | undefined;
}

/** The statements of a page or a section: each ends with a comment that says what holds it. */
function statementsIn(markdown: string): Statement[] {
  return blocksOf(markdown).flatMap((block) => {
    const pieces = block.split(/<!--\s*(.*?)\s*-->/s);
    const statements: Statement[] = [];
    for (let index = 0; index < pieces.length; index += 2) {
      const text = pieces[index]?.replace(/[\s|]+/g, " ").trim() ?? "";
      const said = pieces[index + 1];
      if (text === "" && said === undefined) continue;
      const [, ids] = /^holds: (.+)$/s.exec(said ?? "") ?? [];
      statements.push({
        text,
        held: said === "context" ? undefined : ids?.split(/\s+/) ?? [],
      });
    }
    return statements;
  });
}

/** Paragraphs, list items and rows of tables, without headings and a table's head. */
function blocksOf(markdown: string): string[] {
  return markdown.split(/\n{2,}/).flatMap((block) =>
    block.startsWith("|")
      ? block.split("\n").slice(2)
      : block.split(/^- /m).filter((item) => item.trim() !== "")
  ).filter((block) => !/^#|^\s*$/.test(block));
}

/** How many sentences a text has; dots within code count for none. */
function sentencesIn(text: string): number {
  return text.replace(/`[^`]*`/g, "code").match(/[.!?](?=\s|$)/g)?.length ?? 0;
}

/** The names that tests hold statements by, with the number of those tests. */
async function heldByTests(): Promise<Map<string, number>> {
  const held = new Map<string, number>();
  for await (const path of testFiles(TESTS)) {
    const lines = (await Deno.readTextFile(path)).split("\n");
    for (const [index, line] of lines.entries()) {
      const [, ids] = /^\s*\/\/ security: (.+)$/.exec(line) ?? [];
      if (ids === undefined) continue;
      assert.match(
        lines[index + 1] ?? "",
        /^\s*(?:Deno\.test|\w*[tT]est|onEachServer)\(/,
        `${path}: no test begins below "${line.trim()}"`,
      );
      for (const id of ids.split(" ")) held.set(id, (held.get(id) ?? 0) + 1);
    }
  }
  return held;
}

async function* testFiles(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* testFiles(path);
    else if (name.endsWith("_test.ts")) yield path;
  }
}

/** What is promised: all of docs/security.md, and README's section. */
async function promises(): Promise<Statement[]> {
  const readme = await readPage("README.md");
  const [, section = ""] = /^## Security\n(.*?)^## /ms.exec(readme) ?? [];
  const [, rest = ""] = (await readPage("docs/security.md"))
    .split(/(?=^## In short$)/m);
  const [ofReadme, ofPage] = [statementsIn(section), statementsIn(rest)];
  assert.ok(ofReadme.length > 3 && ofPage.length > 50);
  return [...ofReadme, ...ofPage];
}

Deno.test("statementsIn() finds each statement and what holds it", () => {
  const page =
    "## Head\n\n- One. <!-- holds: a\n  b -->\n- Two.\n\n| x | y |\n| - | - |\n| Three | <!-- holds: c --> |\n\nFour. <!-- context --> Five.\n";
  assert.deepEqual(statementsIn(page), [
    { text: "One.", held: ["a", "b"] },
    { text: "Two.", held: [] },
    { text: "Three", held: ["c"] },
    { text: "Four.", held: undefined },
    { text: "Five.", held: [] },
  ]);
});

Deno.test("every statement of docs/security.md and of README about security is held by a test", async () => {
  const held = await heldByTests();
  const loose = (await promises()).filter(({ held: ids }) =>
    ids !== undefined && (ids.length === 0 || ids.some((id) => !held.has(id)))
  );
  assert.deepEqual(loose, []);
});

Deno.test("a statement that tests hold is one sentence, so that none hides behind another", async () => {
  const long = (await promises()).filter(({ text, held }) =>
    held !== undefined && sentencesIn(text) > 1
  );
  assert.deepEqual(long, []);
});

Deno.test("no test holds a statement that is not made", async () => {
  const made = new Set((await promises()).flatMap(({ held }) => held ?? []));
  const held = await heldByTests();
  assert.deepEqual([...held.keys()].filter((id) => !made.has(id)), []);
});
