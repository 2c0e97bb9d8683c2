import { RdsiamError, type RdsiamErrorOptions } from "../errors.ts";

/** A statement that the database did not carry out. */
export class SqlError extends RdsiamError {
  /** The SQLSTATE (PostgreSQL manual, appendix A); `08006` when the connection is gone. */
  readonly code: string;

  /** Makes the error with the server's own message. */
  constructor(
    code: string,
    message: string,
    options: RdsiamErrorOptions = {},
  ) {
    super("failed", message, options);
    this.code = code;
  }

  /** Whether the session is gone: the connection broke, or the server ended it. */
  get isConnectionLost(): boolean {
    return /^(08|57P0)/.test(this.code);
  }
}
