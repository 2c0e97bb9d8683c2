import { RdsiamError, type RdsiamErrorOptions } from "../errors.ts";

/** What else a {@linkcode SqlError} carries. */
export interface SqlErrorOptions extends RdsiamErrorOptions {
  /** The server's own number of the error: MySQL and MariaDB have one, which says more than the SQLSTATE. */
  errno?: number;
}

/** A statement that the database did not carry out. */
export class SqlError extends RdsiamError {
  /** The SQLSTATE (PostgreSQL manual, appendix A); `08006` when the connection is gone. */
  readonly code: string;
  /** The number of the error, from MySQL and MariaDB. */
  readonly errno: number | undefined;

  /** Makes the error with the server's own message. */
  constructor(
    code: string,
    message: string,
    { errno, ...options }: SqlErrorOptions = {},
  ) {
    super("failed", message, options);
    this.code = code;
    this.errno = errno;
  }

  /** Whether the session is gone: the connection broke, or the server ended it. */
  get isConnectionLost(): boolean {
    return /^(08|57P0)/.test(this.code);
  }
}
