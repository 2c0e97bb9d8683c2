import { RdsiamError } from "./errors.ts";

/** This process was asked to end by a signal while something was under way. */
export class EndedError extends RdsiamError {
  /** What a shell says of a program that a signal ended: 128 and the signal's number. */
  readonly exitCode: number;

  /** Makes the error. */
  constructor(signalNumber: number) {
    super("failed", "It was ended by a signal");
    this.exitCode = 128 + signalNumber;
  }
}
