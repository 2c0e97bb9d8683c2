/**
 * The house's rules as a lint plugin: who imports from whom (`rooms.ts`), `core` stays pure, what code decides on is no
 * sentence, and the process ends in `cli/main.ts` alone.
 *
 * @module
 */
import { FLOORS, importProblem } from "./rooms.ts";

/** What `core` may not name: the world outside, a clock, randomness. */
const IMPURE_GLOBALS = new Set([
  "Deno",
  "fetch",
  "console",
  "setTimeout",
  "setInterval",
  "performance",
]);
const IMPURE_CALLS = new Set([
  "Date.now",
  "Math.random",
  "crypto.randomUUID",
  "crypto.getRandomValues",
]);

/** What sentences are kept in: messages, hints and the like. */
const SENTENCES = new Set(["message", "hint", "detail", "origin", "why"]);

/** How text is taken apart. */
const READING = new Set([
  ...["match", "matchAll", "startsWith", "endsWith", "includes", "indexOf"],
  ...["search", "split", "replace"],
]);

function isSentence(node: Deno.lint.Node): boolean {
  switch (node.type) {
    case "Identifier":
      return SENTENCES.has(node.name);
    case "MemberExpression":
      return node.property.type === "Identifier" &&
        SENTENCES.has(node.property.name);
    case "ChainExpression":
      return isSentence(node.expression);
    case "LogicalExpression":
      return isSentence(node.left);
    default:
      return false;
  }
}

/** The path below the repository root: the folder that holds this file's parent. */
const ROOT = new URL("..", import.meta.url).pathname;

function belowRoot(path: string): string {
  return path.startsWith(ROOT) ? path.slice(ROOT.length) : path;
}

function layerOf(relativePath: string): string {
  return relativePath.split("/")[0] ?? "";
}

function isSource(relativePath: string): boolean {
  return relativePath === "mod.ts" || layerOf(relativePath) in FLOORS;
}

const plugin: Deno.lint.Plugin = {
  name: "rdsiam",
  rules: {
    "rooms": {
      create(context) {
        const file = belowRoot(context.filename);
        function check(node: Deno.lint.Node, specifier: unknown) {
          if (typeof specifier !== "string" || !specifier.startsWith(".")) {
            return;
          }
          const { pathname } = new URL(specifier, `file://${ROOT}${file}`);
          const message = importProblem(file, belowRoot(pathname));
          if (message !== undefined) context.report({ node, message });
        }
        return {
          ImportDeclaration: (node) => check(node, node.source.value),
          ExportNamedDeclaration: (node) => check(node, node.source?.value),
          ExportAllDeclaration: (node) => check(node, node.source.value),
          ImportExpression: (node) =>
            check(
              node,
              node.source.type === "Literal" ? node.source.value : undefined,
            ),
        };
      },
    },
    "pure-core": {
      create(context) {
        if (layerOf(belowRoot(context.filename)) !== "core") return {};
        return {
          Identifier(node) {
            if (IMPURE_GLOBALS.has(node.name)) {
              context.report({
                node,
                message: `core must not name ${node.name}`,
              });
            }
          },
          MemberExpression(node) {
            if (
              node.object.type !== "Identifier" ||
              node.property.type !== "Identifier"
            ) return;
            const name = `${node.object.name}.${node.property.name}`;
            if (IMPURE_CALLS.has(name)) {
              context.report({ node, message: `core must not call ${name}` });
            }
          },
          NewExpression(node) {
            if (
              node.callee.type === "Identifier" &&
              node.callee.name === "Date" && node.arguments.length === 0
            ) {
              context.report({ node, message: "core must not read the clock" });
            }
          },
        };
      },
    },
    "no-prose": {
      create(context) {
        if (!isSource(belowRoot(context.filename))) return {};
        function check(node: Deno.lint.Node, text: Deno.lint.Node) {
          if (!isSentence(text)) return;
          context.report({
            node,
            message:
              "Control flow must not read a sentence: give its type a field",
            hint:
              "Where the sentence is somebody else's, ignore this rule and say whose it is",
          });
        }
        return {
          CallExpression(node) {
            const { callee } = node;
            if (
              callee.type !== "MemberExpression" ||
              callee.property.type !== "Identifier"
            ) return;
            const method = callee.property.name;
            if (READING.has(method)) check(node, callee.object);
            const [text] = node.arguments;
            if ((method === "test" || method === "exec") && text) {
              check(node, text);
            }
          },
        };
      },
    },
    "one-exit": {
      create(context) {
        const file = belowRoot(context.filename);
        if (file === "cli/main.ts" || !isSource(file)) return {};
        return {
          MemberExpression(node) {
            if (
              node.object.type !== "Identifier" ||
              node.property.type !== "Identifier"
            ) return;
            if (
              node.object.name === "Deno" &&
              ["exit", "args"].includes(node.property.name)
            ) {
              context.report({
                node,
                message:
                  `Deno.${node.property.name} belongs in cli/main.ts alone`,
              });
            }
          },
        };
      },
    },
  },
};

export default plugin;
