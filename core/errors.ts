/**
 * What kind of trouble an {@linkcode RdsiamError} is; the command line turns each into its exit code.
 *
 * - `failed`: something went wrong that none of the others names
 * - `usage`: the options, environment or configuration ask for something that cannot be done as asked
 * - `credentials`: there are no usable AWS credentials
 * - `unreachable`: the database or its name cannot be reached, or its certificate is not trusted
 * - `refused`: the database refused the login
 */
export type ErrorKind =
  | "failed"
  | "usage"
  | "credentials"
  | "unreachable"
  | "refused";

/** What else an {@linkcode RdsiamError} carries. */
export interface RdsiamErrorOptions {
  /** The next thing to do or type, in one line. */
  hint?: string;
  /** The error underneath. Shown only with `RDSIAM_DEBUG=1`. */
  cause?: unknown;
}

/**
 * An error that the caller can act on. Its message says what failed and why; it names fields, never the value of a
 * secret.
 */
export class RdsiamError extends Error {
  /** The name of the class, also where a bundler renames it. */
  override readonly name = "RdsiamError";
  /** What kind of trouble this is. */
  readonly kind: ErrorKind;
  /** The next thing to do or type, in one line. */
  readonly hint: string | undefined;

  /** Makes an error of this kind. */
  constructor(
    kind: ErrorKind,
    message: string,
    options: RdsiamErrorOptions = {},
  ) {
    super(
      message,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.kind = kind;
    this.hint = options.hint;
  }
}

/** The sentence of whatever was thrown, for people. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
