import { RdsiamError } from "../../core/errors.ts";
import type { Secret } from "../../core/secret.ts";

/** What a person does for credentials, and is told about them. What is absent is not wanted, or not possible. */
export interface SignInHelp {
  /**
   * Signs in again, by a command of the AWS CLI.
   *
   * @throws {RdsiamError} `credentials`, when that fails
   */
  signIn?(command: readonly [string, ...string[]]): Promise<void>;
  /** Asks for the code of an MFA device; `undefined` where there is nobody to ask. */
  askMfaCode?(serial: string): Promise<Secret | undefined>;
  /** Says what the user should know. */
  warn?(message: string): void;
  /** Says where credentials came from. */
  detail?(message: string): void;
}

/** There are no credentials until somebody signs in again, by a command of the AWS CLI. */
export class SignInError extends RdsiamError {
  /** The command. */
  readonly command: readonly [string, ...string[]];

  /** Makes the error; its hint is the command. */
  constructor(
    message: string,
    command: readonly [string, ...string[]],
    cause: unknown,
  ) {
    super("credentials", message, { hint: `Run: ${command.join(" ")}`, cause });
    this.command = command;
  }
}
