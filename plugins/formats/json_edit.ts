import type { Node } from "jsonc-parser";
import { jsonAt, jsonEntries, parseJsonObject } from "./json_nodes.ts";
import {
  applyEdits,
  indentAt,
  indentUnitOf,
  lineEndOf,
  type TextEdit,
} from "./text_edit.ts";

/**
 * What to change in an object: its members by key. An object is merged into the object that is there, `undefined` takes
 * the member out, anything else takes its place. Into an array the same is merged by index, an index that it does not
 * have adds an element.
 */
export interface JsonPatch {
  readonly [key: string]: unknown;
}

/**
 * Merges a patch into JSON text. What the patch does not name, comments and white space included, stays byte for byte,
 * and so does a value that is equal already; what is added takes the text's own indentation and line ends.
 *
 * `modify()` of jsonc-parser is not used: it formats the whole line that it changes, and drops the comments beside a
 * member that it removes.
 *
 * @throws {UnreadableText} when the text is no JSON, or no object
 */
export function mergeJson(text: string, patch: JsonPatch): string {
  // Additions come first: they go to the end, so that an array's indexes still hold for the removals.
  return [set, remove].reduce((current, change) => {
    const root = parseJsonObject(current);
    const source = current.trim() === "" ? "{}\n" : current;
    const edits: TextEdit[] = [];
    change(source, root, patch, edits);
    return edits.length === 0 ? current : applyEdits(source, edits);
  }, text);
}

/**
 * Takes members out of the object or array under a key, which goes too when nothing is left in it; a text that then
 * says nothing becomes empty.
 */
export function removeMembers(
  text: string,
  key: string,
  members: readonly string[],
): string {
  if (members.length === 0) return text;
  const removal = members.map((member) => [member, undefined]);
  const left = mergeJson(text, { [key]: Object.fromEntries(removal) });
  const found = jsonAt(parseJsonObject(left), key);
  const isEmpty = found !== undefined && /^(?:\{\s*\}|\[\s*\])$/.test(
    left.slice(found.offset, found.offset + found.length),
  );
  const rest = isEmpty ? mergeJson(left, { [key]: undefined }) : left;
  return rest.replace(/\s/g, "") === "{}" ? "" : rest;
}

/** Replaces what differs and adds what is missing. */
function set(
  text: string,
  container: Node,
  patch: JsonPatch,
  edits: TextEdit[],
) {
  const values = new Map(jsonEntries(container));
  const added: [key: string, value: unknown][] = [];
  for (const [key, wanted] of Object.entries(patch)) {
    const value = values.get(key);
    if (isNothing(wanted)) continue;
    if (value === undefined) {
      added.push([key, withoutNothing(wanted)]);
    } else if (isObject(wanted) && isContainer(value)) {
      set(text, value, wanted, edits);
    } else if (!isEqual(value, wanted)) {
      const indent = indentAt(text, value.offset);
      const content = write(withoutNothing(wanted), text, indent);
      edits.push({ offset: value.offset, length: value.length, content });
    }
  }
  if (added.length > 0) add(text, container, added, edits);
}

function add(
  text: string,
  container: Node,
  added: readonly (readonly [key: string, value: unknown])[],
  edits: TextEdit[],
) {
  const close = container.offset + container.length - 1;
  const last = container.children?.at(-1);
  const isOneLine = last !== undefined &&
    !text.slice(container.offset, close).includes("\n");
  const end = lineEndOf(text);
  const outer = indentAt(text, container.offset);
  const inner = last === undefined
    ? outer + indentUnitOf(text)
    : indentAt(text, last.offset);
  const members = added.map(([key, value]) =>
    (container.type === "object" ? `${JSON.stringify(key)}: ` : "") +
    (isOneLine ? JSON.stringify(value) : write(value, text, inner))
  ).join(isOneLine ? ", " : `,${end}${inner}`);
  // Behind the comments that end the container, before the white space that leads to its closing bracket.
  const place = text.slice(0, close).trimEnd().length;
  const hasTrailingComma = commaAfter(text, last) !== undefined;
  if (last !== undefined && !hasTrailingComma) {
    edits.push({ offset: last.offset + last.length, length: 0, content: "," });
  }
  const lead = isOneLine ? " " : end + inner;
  const tail = hasTrailingComma ? "," : "";
  const closing = last === undefined && !text.slice(place, close).includes("\n")
    ? end + outer
    : "";
  const content = lead + members + tail + closing;
  edits.push({ offset: place, length: 0, content });
}

/** Cuts members out, each with the white space before it and its comma; comments stay. */
function remove(
  text: string,
  container: Node,
  patch: JsonPatch,
  edits: TextEdit[],
) {
  const removed = new Set<Node>();
  for (const [key, value] of jsonEntries(container)) {
    if (!Object.hasOwn(patch, key)) continue;
    const wanted = patch[key];
    if (wanted === undefined) {
      removed.add(container.type === "object" ? value.parent ?? value : value);
    } else if (isObject(wanted)) {
      remove(text, value, wanted, edits);
    }
  }
  if (removed.size === 0) return;
  const children = container.children ?? [];
  const lastKept = children.findLastIndex((child) => !removed.has(child));
  const hasTrailingComma = commaAfter(text, children.at(-1)) !== undefined;
  let gapStart = container.offset + 1;
  for (const [index, child] of children.entries()) {
    const end = child.offset + child.length;
    const isRemoved = removed.has(child);
    if (isRemoved) {
      const gap = text.slice(gapStart, child.offset);
      // The line end behind a comment stays: it ends the comment.
      const kept = gap.includes("//") ? gap.length : gap.trimEnd().length;
      const offset = gapStart + kept;
      edits.push({ offset, length: end - offset, content: "" });
    }
    const comma = commaAfter(text, child);
    const isSpare = isRemoved || (index === lastKept && !hasTrailingComma);
    if (comma !== undefined && isSpare) {
      edits.push({ offset: comma, length: 1, content: "" });
    }
    gapStart = comma === undefined ? end : comma + 1;
  }
  const close = container.offset + container.length - 1;
  if (lastKept === -1 && text.slice(gapStart, close).trim() === "") {
    edits.push({ offset: gapStart, length: close - gapStart, content: "" });
  }
}

/** Where the comma behind a member stands, `undefined` where there is none. */
function commaAfter(text: string, child: Node | undefined): number | undefined {
  if (child === undefined) return undefined;
  const start = child.offset + child.length;
  const gap = /^(?:\s|\/\/[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/.exec(
    text.slice(start),
  );
  const place = start + (gap?.[0].length ?? 0);
  return text[place] === "," ? place : undefined;
}

function write(value: unknown, text: string, indent: string): string {
  return JSON.stringify(value, null, indentUnitOf(text))
    .replaceAll("\n", lineEndOf(text) + indent);
}

function isObject(value: unknown): value is JsonPatch {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether it adds nothing: `undefined`, or an object of nothing else. */
function isNothing(value: unknown): boolean {
  return value === undefined ||
    (isObject(value) && Object.values(value).every(isNothing));
}

function withoutNothing(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => !isNothing(member))
      .map(([key, member]) => [key, withoutNothing(member)]),
  );
}

function isContainer(node: Node): boolean {
  return node.type === "object" || node.type === "array";
}

function isEqual(node: Node, wanted: unknown): boolean {
  if (!isContainer(node)) return node.value === wanted;
  if (!Array.isArray(wanted) || node.type !== "array") return false;
  const items = node.children ?? [];
  return items.length === wanted.length &&
    items.every((item, index) => isEqual(item, wanted[index]));
}
