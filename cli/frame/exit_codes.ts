import { CancelledError } from "../../core/cancelled_error.ts";
import { EndedError } from "../../core/ended_error.ts";
import { type ErrorKind, RdsiamError } from "../../core/errors.ts";
import type { ExitStatus } from "../../core/ports/process.ts";
import { ProgramError } from "../../core/ports/program_error.ts";

/** An exit code, and what it means. */
export interface ExitCode {
  code: number;
  means: string;
}

/** What rdsiam exits with when all went well. */
export const SUCCESS: ExitCode = { code: 0, means: "done" };

/** The exit code of each kind of error; `exec` has those of its child besides. */
export const EXIT_CODES: Readonly<Record<ErrorKind, ExitCode>> = {
  failed: { code: 1, means: "failed" },
  usage: { code: 2, means: "wrong usage or configuration" },
  credentials: { code: 3, means: "no usable AWS credentials" },
  unreachable: {
    code: 4,
    means: "the database cannot be reached, or its certificate is not trusted",
  },
  refused: { code: 5, means: "the database refused the login" },
};

/** What a program that ends with this error exits with. */
export function exitCodeOf(error: unknown): number {
  if (
    error instanceof ProgramError || error instanceof CancelledError ||
    error instanceof EndedError
  ) return error.exitCode;
  const kind = error instanceof RdsiamError ? error.kind : "failed";
  return EXIT_CODES[kind].code;
}

/** What rdsiam exits with in a child's place: its code, or 128 and the number of the signal that ended it, as shells do. */
export function childExitCode(status: ExitStatus): number {
  return status.kind === "code" ? status.code : 128 + status.number;
}
