import process from "node:process";
import confirm from "@inquirer/confirm";

/**
 * Asks a question on the terminal that is answered with yes or no; Ctrl-C is a no.
 *
 * @returns the answer, or `undefined` where there is no terminal to ask on
 */
export async function askToConfirm(
  question: string,
): Promise<boolean | undefined> {
  if (!Deno.stdin.isTerminal() || !Deno.stderr.isTerminal()) return undefined;
  try {
    // Standard output is for results.
    return await confirm(
      { message: question, default: false },
      { output: process.stderr },
    );
  } catch (error) {
    if (error instanceof Error && error.name === "ExitPromptError") {
      return false;
    }
    throw error;
  }
}
