import process from "node:process";
import input from "@inquirer/input";
import { askOnTerminal } from "./terminal_question.ts";

/**
 * Asks for a text on the terminal.
 *
 * @returns what was typed, which may be empty, or `undefined` where there is no terminal to ask on
 * @throws {RdsiamError} as {@linkcode askOnTerminal} does
 */
export async function askText(question: string): Promise<string | undefined> {
  return await askOnTerminal(() =>
    input({ message: question }, { output: process.stderr })
  );
}
