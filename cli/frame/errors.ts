import { CancelledError } from "../../core/cancelled_error.ts";
import {
  type ErrorKind,
  errorMessage,
  RdsiamError,
} from "../../core/errors.ts";
import { ProgramError } from "../../core/ports/program_error.ts";
import type { Reporter } from "./output.ts";

/** The exit code of each kind of error; `exec` has those of its child besides. */
export const EXIT_CODES: Record<ErrorKind, number> = {
  failed: 1,
  usage: 2,
  credentials: 3,
  unreachable: 4,
  refused: 5,
};

/** Prints an error as `error:` and `hint:` lines and returns the exit code: the one place that does. */
export function reportError(
  error: unknown,
  reporter: Reporter,
  isDebugging: boolean,
): number {
  if (error instanceof RdsiamError) {
    reporter.error(error.message, error.hint);
    if (isDebugging) reporter.debug(error);
    return exitCodeOf(error);
  }
  const message = errorMessage(error);
  reporter.error(
    `Unexpected: ${message}`,
    "Set RDSIAM_DEBUG=1 to see where, and please report it",
  );
  if (isDebugging) reporter.debug(error);
  return exitCodeOf(error);
}

/** What a program that ends with this error exits with. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof ProgramError || error instanceof CancelledError) {
    return error.exitCode;
  }
  return error instanceof RdsiamError ? EXIT_CODES[error.kind] : 1;
}
