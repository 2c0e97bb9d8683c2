import process from "node:process";
import password from "@inquirer/password";
import { CancelledError } from "../core/cancelled_error.ts";
import { RdsiamError } from "../core/errors.ts";
import { Secret } from "../core/secret.ts";

/** Whether there is a person to ask. */
export function hasTerminal(): boolean {
  return Deno.stdin.isTerminal() && Deno.stderr.isTerminal();
}

/**
 * Asks for a secret on the terminal, where what is typed does not show.
 *
 * @returns the secret, or `undefined` where there is no terminal to ask on
 * @throws {CancelledError} when the question is left with Ctrl-C
 * @throws {RdsiamError} `failed`, when the terminal goes away
 */
export async function askSecret(
  question: string,
): Promise<Secret | undefined> {
  if (!hasTerminal()) return undefined;
  try {
    // Standard output is for results.
    return new Secret(
      await password(
        { message: question, toggleMask: false },
        { output: process.stderr },
      ),
    );
  } catch (cause) {
    const message = "The question was left without an answer";
    if (cause instanceof Error && /SIGINT/.test(cause.message)) {
      throw new CancelledError(message, cause);
    }
    throw new RdsiamError("failed", message, { cause });
  }
}
