import { CancelledError } from "../../core/cancelled_error.ts";
import { RdsiamError } from "../../core/errors.ts";

/** Whether there is a person to ask. */
export function hasTerminal(): boolean {
  return Deno.stdin.isTerminal() && Deno.stderr.isTerminal();
}

/**
 * Asks on the terminal, if there is one.
 *
 * @param ask asks one of Inquirer's questions
 * @returns the answer, or `undefined` where there is no terminal to ask on
 * @throws {CancelledError} when the question is left with Ctrl-C
 * @throws {RdsiamError} `failed`, when the terminal goes away
 */
export async function askOnTerminal<T>(
  ask: () => Promise<T>,
): Promise<T | undefined> {
  if (!hasTerminal()) return undefined;
  try {
    return await ask();
  } catch (cause) {
    const message = "The question was not answered";
    // Inquirer's own class, by its name: its packages each bring a copy of it.
    if (cause instanceof Error && cause.name === "ExitPromptError") {
      throw new CancelledError(message, cause);
    }
    throw new RdsiamError("failed", message, { cause });
  }
}
