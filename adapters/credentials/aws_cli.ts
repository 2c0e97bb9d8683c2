import { RdsiamError } from "../../core/errors.ts";
import { startProgram } from "../process/run_program.ts";
import { hasTerminal } from "../terminal/terminal_question.ts";

/**
 * Lets a person sign in by a command of the AWS CLI, in this terminal. What it prints goes to standard error, since
 * standard output is for results.
 *
 * @throws {RdsiamError} `credentials`, when there is no terminal, or the command cannot be started or fails
 */
export async function runSignIn(
  command: readonly [string, ...string[]],
): Promise<void> {
  const line = command.join(" ");
  if (!hasTerminal()) {
    throw failed("there is no terminal to sign in on", `Run: ${line}`);
  }
  let child: Deno.ChildProcess;
  try {
    child = startProgram(command, { stdin: "inherit", stdout: "piped" });
  } catch (cause) {
    throw failed(
      `"${line}" cannot be run`,
      "Install version 2 of the AWS CLI, or sign in by other means",
      cause,
    );
  }
  const [{ success, code }] = await Promise.all([
    child.status,
    child.stdout.pipeTo(Deno.stderr.writable, { preventClose: true }),
  ]);
  if (!success) {
    throw failed(`"${line}" failed with exit code ${code}`, `Run: ${line}`);
  }
}

function failed(why: string, hint: string, cause?: unknown): RdsiamError {
  return new RdsiamError("credentials", `Signing in has failed: ${why}`, {
    hint,
    cause,
  });
}
