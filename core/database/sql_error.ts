import { RdsiamError, type RdsiamErrorOptions } from "../errors.ts";

/** A statement that the database did not carry out. */
export class SqlError extends RdsiamError {
  /** The SQLSTATE (PostgreSQL manual, appendix A); `08006` when the connection is gone. */
  readonly code: string;
  /** The server's own number of the error, which MySQL and MariaDB have beside it. */
  readonly number: number | undefined;

  /** Makes the error with the server's own message. */
  constructor(
    code: string,
    message: string,
    { number, ...options }: RdsiamErrorOptions & { number?: number } = {},
  ) {
    super("failed", message, options);
    this.code = code;
    this.number = number;
  }

  /** Whether the session is gone: the connection broke, or the server ended it. */
  get isConnectionLost(): boolean {
    return /^(08|57P0)/.test(this.code);
  }
}
