import process from "node:process";
import input from "@inquirer/input";
import { RdsiamError } from "../core/errors.ts";

/**
 * Asks for a text on the terminal.
 *
 * @returns what was typed, which may be empty, or `undefined` where there is no terminal to ask on
 * @throws {RdsiamError} `failed`, when the question is left with Ctrl-C
 */
export async function askText(question: string): Promise<string | undefined> {
  if (!Deno.stdin.isTerminal() || !Deno.stderr.isTerminal()) return undefined;
  try {
    return await input({ message: question }, { output: process.stderr });
  } catch (cause) {
    throw new RdsiamError("failed", "Asking was cancelled", { cause });
  }
}
