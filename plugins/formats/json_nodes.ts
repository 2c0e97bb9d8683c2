import {
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import { lineAt } from "./text_edit.ts";
import { UnreadableText } from "../../core/writer/writer.ts";

/**
 * Parses JSON, or JSON with comments and trailing commas; an empty text is an empty object.
 *
 * @throws {UnreadableText} when it is no JSON, or no object
 */
export function parseJsonObject(text: string): Node {
  const errors: ParseError[] = [];
  const source = text.replace(/^\uFEFF/, " "); // a byte-order mark is no JSON, but editors leave it there
  const root = parseTree(source.trim() === "" ? "{}" : source, errors, {
    allowTrailingComma: true,
  });
  const [error] = errors;
  if (error !== undefined) {
    throw new UnreadableText(
      lineAt(text, error.offset),
      `not JSON: ${wordsOf(printParseErrorCode(error.error))}`,
    );
  }
  if (root?.type !== "object") {
    throw new UnreadableText(
      lineAt(text, root?.offset ?? 0),
      "not a JSON object",
    );
  }
  return root;
}

function wordsOf(code: string): string {
  return code.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
}

/** The value of a member by its path, `undefined` where there is none. */
export function jsonAt(
  node: Node | undefined,
  ...path: readonly (string | number)[]
): Node | undefined {
  return path.reduce<Node | undefined>(
    (parent, key) =>
      parent === undefined ? undefined : childOf(parent, String(key)),
    node,
  );
}

/** The members of an object or array by key; none for any other value. */
export function* jsonEntries(
  node: Node | undefined,
): Generator<[key: string, value: Node]> {
  for (const [index, child] of (node?.children ?? []).entries()) {
    if (node?.type === "array") yield [String(index), child];
    const [key, value] = child.children ?? [];
    if (node?.type === "object" && key && value) yield [key.value, value];
  }
}

/** The text of a member, `undefined` where there is none or it is no text. */
export function jsonText(
  node: Node | undefined,
  ...path: readonly (string | number)[]
): string | undefined {
  const found = jsonAt(node, ...path);
  return found?.type === "string" ? found.value : undefined;
}

function childOf(parent: Node, key: string): Node | undefined {
  // Of a key that is there twice, parsers take the last.
  return new Map(jsonEntries(parent)).get(key);
}

/**
 * A member of the outermost object that must be an object or an array, where it is there at all.
 *
 * @throws {UnreadableText} when it is something else
 */
export function jsonContainer(
  text: string,
  key: string,
  type: "object" | "array",
): Node | undefined {
  const found = jsonAt(parseJsonObject(text), key);
  if (found === undefined || found.type === type) return found;
  throw new UnreadableText(
    lineAt(text, found.offset),
    `"${key}" is not an ${type}`,
  );
}
