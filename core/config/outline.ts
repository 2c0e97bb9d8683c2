import { type AST, parseTOML } from "toml-eslint-parser";
import type { KeyPath } from "./check.ts";

/** A `key = value`, or a table from its header to its last key, and where it stands. */
export interface OutlineEntry {
  path: KeyPath;
  /** What it is written as; a key of an inline table is one, too. */
  kind: "table" | "key";
  /** The line that it begins in, from 1. */
  line: number;
  /** Where it begins and ends in the text. */
  range: readonly [start: number, end: number];
}

/**
 * Every table and key of a TOML document in its order, those of inline tables too. smol-toml reads the values, ten times
 * as fast; this tells where they stand, for what must be located or edited.
 *
 * @throws {Error} when the document is no TOML
 */
export function outline(text: string): OutlineEntry[] {
  const entries: OutlineEntry[] = [];
  function add(
    kind: OutlineEntry["kind"],
    path: KeyPath,
    { range, loc }: AST.TOMLTable | AST.TOMLKeyValue,
  ) {
    entries.push({ path, kind, line: loc.start.line, range });
  }
  function addKey(node: AST.TOMLKeyValue, base: KeyPath) {
    const path = [...base, ...keyNames(node.key)];
    add("key", path, node);
    addValue(node.value, path);
  }
  function addValue(value: AST.TOMLContentNode, path: KeyPath) {
    if (value.type === "TOMLInlineTable") {
      for (const key of value.body) addKey(key, path);
    }
    if (value.type === "TOMLArray") {
      for (const [index, item] of value.elements.entries()) {
        addValue(item, [...path, index]);
      }
    }
  }
  const [top] = parseTOML(text).body;
  for (const node of top.body) {
    if (node.type === "TOMLKeyValue") {
      addKey(node, []);
      continue;
    }
    add("table", node.resolvedKey, node);
    for (const key of node.body) addKey(key, node.resolvedKey);
  }
  return entries;
}

function keyNames({ keys }: AST.TOMLKey): string[] {
  return keys.map((key) => key.type === "TOMLBare" ? key.name : key.value);
}

/** Whether a path is another one or leads below it. */
export function isBelow(path: KeyPath, base: KeyPath): boolean {
  return base.every((part, index) => part === path[index]);
}

/** The line, from 1, of what stands at a path, or of what is nearest above it. */
export function lineOf(text: string, path: KeyPath): number | undefined {
  const entries = outline(text);
  for (let length = path.length; length > 0; length--) {
    const base = path.slice(0, length);
    const found = entries.find((entry) => isBelow(entry.path, base));
    if (found !== undefined) return found.line;
  }
  return undefined;
}
