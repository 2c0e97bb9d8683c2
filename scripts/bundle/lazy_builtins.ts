/**
 * Puts off loading Node's modules that start-up does not need: with them, `rdsiam token` takes half as long again
 * (docs/building.md). Only text that is known is changed, and all of it has to be there: a bundler or a commander that
 * writes something else stops the build.
 */
import { mapSections } from "./sections.ts";

/** Commander's file that imports what only its "executable subcommands" use, which rdsiam has none of. */
const COMMANDER =
  /^ *\/\/ (npm\/commander@[\d.]+\/lib\/(?:command|help)\.js)$/gm;

/** Calls `require` of CommonJS packages. */
const REQUIRE = [
  `import { createRequire as __deno_internal_createRequire } from "node:module";\n`,
  `var __require = __deno_internal_createRequire(import.meta.url);\n`,
] as const;

const LAZY_REQUIRE =
  `var __require = (name) => process.getBuiltinModule("node:module").createRequire(import.meta.url)(name);\n`;

/** Makes `require` of a text load `node:module` on first use; a text without it stays as it is. */
export function putOffRequire(text: string): string {
  if (!text.includes("createRequire as __deno_internal")) return text;
  const [statement, variable] = REQUIRE;
  if (!text.includes(statement) || !text.includes(variable)) {
    throw new Error("The bundler writes createRequire() in another way");
  }
  return text.replace(statement, "").replace(variable, LAZY_REQUIRE);
}

/** Makes commander load Node's modules on first use; `EventEmitter` is needed at once. A text without it stays as it is. */
export function putOffCommander(text: string): string {
  let changed = text;
  for (const [, path = ""] of text.matchAll(COMMANDER)) {
    changed = mapSections(changed, path, putOffImports);
  }
  return changed;
}

/** How many imports {@linkcode putOffCommander} has to find. */
export const COMMANDER_IMPORTS = 6;

/** How many imports are put off in a text. */
export function countPutOff(text: string): number {
  return text.match(/^const \w+ = .*process\.getBuiltinModule\(/gm)?.length ??
    0;
}

function putOffImports(text: string): string {
  return text
    .replace(
      /^import (\w+) from "node:process";$/m,
      // The global is the same object, made on first use.
      `const $1 = new Proxy({}, { get: (_, key) => globalThis.process.getBuiltinModule("node:process")[key] });`,
    )
    .replace(
      /^import (\w+) from "(node:(?:fs|path|child_process))";$/gm,
      `const $1 = new Proxy({}, { get: (_, key) => globalThis.process.getBuiltinModule("$2")[key] });`,
    )
    .replace(
      /^import \{ (\w+)(?: as (\w+))? \} from "(node:util)";$/gm,
      (_, name, local, module) =>
        `const ${
          local ?? name
        } = (...args) => globalThis.process.getBuiltinModule("${module}").${name}(...args);`,
    );
}
