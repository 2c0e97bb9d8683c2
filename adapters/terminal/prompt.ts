import process from "node:process";
import password from "@inquirer/password";
import { Secret } from "../../core/secret.ts";
import { askOnTerminal } from "./terminal_question.ts";

/**
 * Asks for a secret on the terminal, where what is typed does not show.
 *
 * @returns the secret, or `undefined` where there is no terminal to ask on
 * @throws {RdsiamError} as {@linkcode askOnTerminal} does
 */
export async function askSecret(
  question: string,
): Promise<Secret | undefined> {
  const answer = await askOnTerminal(() =>
    // Standard output is for results.
    password(
      { message: question, toggleMask: false },
      { output: process.stderr },
    )
  );
  return answer === undefined ? undefined : new Secret(answer);
}
