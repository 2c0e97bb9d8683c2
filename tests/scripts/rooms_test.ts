import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { FLOORS, importProblem, placeOf } from "../../scripts/rooms.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** How many files a room may have before it is two rooms. */
const MOST_FILES = 20;

/** Every TypeScript file below some folders, as paths below the repository's. */
async function filesOf(folders: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    for await (const entry of Deno.readDir(`${ROOT}${folder}`)) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory) found.push(...await filesOf([path]));
      else if (path.endsWith(".ts")) found.push(path);
    }
  }
  return found.sort();
}

function roomsWithFiles(files: readonly string[]): Map<string, string[]> {
  return Map.groupBy(files, (file) => file.replace(/\/[^/]+$/, ""));
}

/** What a file imports of the repository, types and `import()` included. */
async function importsOf(file: string): Promise<string[]> {
  const text = await Deno.readTextFile(`${ROOT}${file}`);
  const code = text.replaceAll(/^\s*(?:\*|\/\/|\/\*\*).*$/gm, "");
  const found = code.matchAll(
    /(?:\bfrom|\bimport)\s*\(?\s*"(\.{1,2}\/[^"]+\.ts)"/g,
  );
  return [...found].map(([, specifier = ""]) =>
    new URL(specifier, `file:///${file}`).pathname.slice(1)
  );
}

Deno.test("scripts/rooms.ts names the rooms that are there, and no others", async () => {
  for (const [floor, { rooms }] of Object.entries(FLOORS)) {
    const there = new Set(
      (await filesOf([floor])).map((file) => placeOf(file)?.room),
    );
    assert.deepEqual([...there].sort(), Object.keys(rooms).sort(), floor);
  }
});

Deno.test("scripts/rooms.ts lets a room import from those above it alone, so that there is no circle", () => {
  for (const [floor, { below, rooms }] of Object.entries(FLOORS)) {
    const floors = Object.keys(FLOORS);
    assert.ok(
      below.every((one) => floors.indexOf(one) < floors.indexOf(floor)),
      floor,
    );
    const names = Object.keys(rooms);
    for (const [room, others] of Object.entries(rooms)) {
      const above = names.slice(0, names.indexOf(room));
      const odd = others.filter((other) => !above.includes(other));
      assert.deepEqual(odd, [], `${floor}/${room}`);
    }
  }
});

Deno.test("No room has more files than one can take in, tests included", async () => {
  const files = await filesOf([...Object.keys(FLOORS), "scripts", "tests"]);
  const large = [...roomsWithFiles(files)]
    .filter(([folder]) => folder !== "tests/testdata")
    .filter(([, { length }]) => length > MOST_FILES)
    .map(([folder, { length }]) => `${folder}: ${length}`);
  assert.deepEqual(large, []);
});

Deno.test("Files import each other in no circle, types included", async () => {
  const files = await filesOf(Object.keys(FLOORS));
  const imports = new Map<string, string[]>();
  for (const file of files) imports.set(file, await importsOf(file));
  // What imports nothing that is left is taken away, over and over: what stays is in a circle, or leads to one.
  for (let before = -1; before !== imports.size;) {
    before = imports.size;
    for (const [file, others] of imports) {
      if (!others.some((other) => imports.has(other))) imports.delete(file);
    }
  }
  assert.deepEqual(Object.fromEntries(imports), {});
});

Deno.test("core has no file that only plugins use", async () => {
  const users = new Map<string, string[]>();
  for (const file of await filesOf([...Object.keys(FLOORS), "scripts"])) {
    for (const other of await importsOf(file)) {
      users.set(other, [...users.get(other) ?? [], file]);
    }
  }
  for (const other of await importsOf("mod.ts")) {
    users.set(other, [...users.get(other) ?? [], "mod.ts"]);
  }
  const odd = [...users]
    .filter(([file]) => file.startsWith("core/"))
    .filter(([, by]) => by.every((user) => user.startsWith("plugins/")))
    .map(([file]) => file);
  assert.deepEqual(odd, []);
});

Deno.test("The map in CONTRIBUTING.md has every room on its floors", async () => {
  const page = await Deno.readTextFile(`${ROOT}.github/CONTRIBUTING.md`);
  const mapped = new Map<string, string[]>();
  for (const [, room = "", floors = ""] of page.matchAll(MAP_ROW)) {
    mapped.set(room, floors.split(" ").sort());
  }
  const there = new Map<string, string[]>();
  for (const [floor, { rooms }] of Object.entries(FLOORS)) {
    for (const path of Object.keys(rooms)) {
      const [room = ""] = path.split("/");
      if (room === ".") continue;
      there.set(room, [...new Set([...there.get(room) ?? [], floor])].sort());
    }
  }
  assert.deepEqual(
    Object.fromEntries([...mapped].sort()),
    Object.fromEntries([...there].sort()),
  );
});

/** A row of the map: a room, its floors, what it holds. */
const MAP_ROW = /^\| `([a-z_]+)\/` +\| ([a-z ]+?) +\|/gm;

Deno.test("importProblem() says why a file may not import another", () => {
  const rows = [
    ["core/text/nearest.ts", "core/errors.ts", undefined],
    ["cli/app.ts", "deno.json", undefined],
    ["tests/fakes.ts", "cli/app.ts", undefined],
    ["mod.ts", "cli/app.ts", "mod.ts must not import from cli/app.ts"],
    [
      "core/errors.ts",
      "services/sync/sync.ts",
      "core must not import from services",
    ],
    [
      "services/sync/sync.ts",
      "adapters/net/dns.ts",
      "services must not import from adapters",
    ],
    [
      "core/errors.ts",
      "core/text/nearest.ts",
      "core/. must not import from core/text (scripts/rooms.ts)",
    ],
    [
      "core/attic/a.ts",
      "core/errors.ts",
      "core/attic is no room that scripts/rooms.ts knows",
    ],
  ] as const;
  for (const [from, to, problem] of rows) {
    assert.equal(importProblem(from, to), problem, `${from} -> ${to}`);
  }
});
