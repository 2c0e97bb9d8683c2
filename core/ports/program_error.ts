import { RdsiamError, type RdsiamErrorOptions } from "../errors.ts";

/** A program that could not be started. */
export class ProgramError extends RdsiamError {
  /** What a shell would exit with: 127 when it was not found, 126 when it cannot be executed. */
  readonly exitCode: 126 | 127;

  /** Makes the error for a program. */
  constructor(
    exitCode: 126 | 127,
    message: string,
    options: RdsiamErrorOptions = {},
  ) {
    super("failed", message, options);
    this.exitCode = exitCode;
  }
}
