import { pathToFileURL } from "node:url";
import type { WriterFactory } from "../../core/writer/writer.ts";
import { settleInTime } from "./guarded_writer.ts";

/**
 * An import, on a line of its own, of code that is neither a file nor part of the runtime. What only imports types is
 * never run, and so is fine.
 */
const FOREIGN_IMPORT =
  /^\s*(?:import(?!\s+type\b)|export(?!\s+type\b))\b[^;"'`]*["']((?:https?|npm|jsr|data|blob):[^"'\n]*)["']/m;

/**
 * Loads a writer's module, TypeScript or JavaScript, from a file.
 *
 * @param path absolute
 * @param deadlineMs how long it may take, in milliseconds
 * @returns what it exports as default
 * @throws {Error} when it cannot be loaded, imports code from elsewhere, or exports no function as default
 */
export async function loadWriterModule(
  path: string,
  deadlineMs: number,
): Promise<WriterFactory> {
  // Deno would ask the npm registry although rdsiam runs with --deny-import.
  const [, foreign] = FOREIGN_IMPORT.exec(await Deno.readTextFile(path)) ?? [];
  if (foreign !== undefined) {
    throw new Error(
      `It imports "${foreign}", and rdsiam runs no code from elsewhere: files and node: modules alone`,
    );
  }
  const module: { default?: unknown } = await settleInTime(
    import(pathToFileURL(path).href),
    deadlineMs,
  );
  if (!isFactory(module.default)) {
    throw new TypeError(
      "Its default export is not a function that makes a writer",
    );
  }
  return module.default;
}

/** Whether it may be called; what it returns is checked each time. */
function isFactory(value: unknown): value is WriterFactory {
  return typeof value === "function";
}
