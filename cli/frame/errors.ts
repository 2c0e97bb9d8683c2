import { errorMessage, RdsiamError } from "../../core/errors.ts";
import { exitCodeOf } from "./exit_codes.ts";
import type { Reporter } from "./output.ts";

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
