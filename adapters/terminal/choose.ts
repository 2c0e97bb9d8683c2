import process from "node:process";
import checkbox from "@inquirer/checkbox";
import { askOnTerminal } from "./terminal_question.ts";

/** One thing to choose. */
export interface Choice {
  /** What is shown, in one line. */
  label: string;
  /** What it stands for. */
  value: string;
}

/**
 * Lets several of a list be chosen on the terminal.
 *
 * @returns the values, or `undefined` where there is no terminal to ask on
 * @throws {RdsiamError} as {@linkcode askOnTerminal} does
 */
export async function choose(
  question: string,
  choices: readonly Choice[],
): Promise<readonly string[] | undefined> {
  return await askOnTerminal(() =>
    checkbox({
      message: question,
      choices: choices.map(({ label, value }) => ({
        name: label,
        short: value,
        value,
      })),
      pageSize: Math.max(5, Math.min(20, Deno.consoleSize().rows - 5)),
      loop: false,
    }, { output: process.stderr }) // standard output is for results
  );
}
