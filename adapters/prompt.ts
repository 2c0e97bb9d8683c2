import process from "node:process";
import password from "@inquirer/password";
import { RdsiamError } from "../core/errors.ts";
import { Secret } from "../core/secret.ts";

/**
 * Asks for a password on the terminal, where what is typed does not show.
 *
 * @returns the password, or `undefined` where there is no terminal to ask on
 * @throws {RdsiamError} `failed`, when the question is left with Ctrl-C
 */
export async function askPassword(
  question: string,
): Promise<Secret | undefined> {
  if (!Deno.stdin.isTerminal() || !Deno.stderr.isTerminal()) return undefined;
  try {
    // Standard output is for results.
    return new Secret(
      await password(
        { message: question, toggleMask: false },
        { output: process.stderr },
      ),
    );
  } catch (cause) {
    throw new RdsiamError("failed", "Asking for the password was cancelled", {
      cause,
    });
  }
}
