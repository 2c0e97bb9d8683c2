import { RdsiamError } from "./errors.ts";

/** A person left a question with Ctrl-C. */
export class CancelledError extends RdsiamError {
  /** What a shell says of a program that Ctrl-C ended: 128 and the number of SIGINT. */
  readonly exitCode = 130;

  /** Makes the error. */
  constructor(message: string, cause: unknown) {
    super("failed", message, { cause });
  }
}
