import process from "node:process";
import checkbox from "@inquirer/checkbox";
import { RdsiamError } from "../core/errors.ts";

/** One thing to choose. */
export interface Choice {
  /** What is shown, in one line. */
  label: string;
  /** What it stands for. */
  value: string;
  /** Why it cannot be chosen. */
  disabled?: string;
}

/**
 * Lets several of a list be chosen on the terminal.
 *
 * @returns the values, or `undefined` where there is no terminal to ask on
 * @throws {RdsiamError} `failed`, when the question is left with Ctrl-C
 */
export async function choose(
  question: string,
  choices: readonly Choice[],
): Promise<readonly string[] | undefined> {
  if (!Deno.stdin.isTerminal() || !Deno.stderr.isTerminal()) return undefined;
  try {
    return await checkbox({
      message: question,
      choices: choices.map(({ label, value, disabled = false }) => ({
        name: label,
        short: value,
        value,
        disabled,
      })),
      pageSize: Math.max(5, Math.min(20, Deno.consoleSize().rows - 5)),
      loop: false,
    }, { output: process.stderr }); // standard output is for results
  } catch (cause) {
    throw new RdsiamError("failed", "Choosing was cancelled", { cause });
  }
}
