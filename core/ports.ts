import type { AuthToken, TokenRequest } from "./token/token.ts";

/** The time. */
export interface Clock {
  /** Milliseconds since the epoch, by the wall clock. */
  now(): number;
  /** Waits so many milliseconds, or until the signal aborts; either way it resolves. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Signs tokens with somebody's AWS credentials. */
export interface Signer {
  /**
   * Signs a token.
   *
   * @throws {RdsiamError} `credentials`, when there are none that work
   */
  sign(request: TokenRequest): Promise<AuthToken>;
}

/** Looks names up in DNS. */
export interface Resolver {
  /**
   * The name that a name is an alias of (its CNAME record), or `undefined` when it is none.
   *
   * @throws {RdsiamError} `unreachable`, when no name server answers
   */
  alias(name: string): Promise<string | undefined>;
  /**
   * An IP address of a host, by the system's own look-up.
   *
   * @throws {RdsiamError} `unreachable`, when there is none
   */
  address(host: string): Promise<string>;
}

/** A folder that only this user can enter, gone when it is disposed of. */
export interface PrivateFolder extends AsyncDisposable {
  /**
   * Writes a file that only this user can read, at once and whole: a reader sees the old or the new content.
   *
   * @returns its absolute path
   * @throws {RdsiamError} `failed`, when it cannot be written
   */
  write(name: string, content: string): Promise<string>;
}

/** How a process ended: by itself with a code, or by a signal. */
export type ExitStatus =
  | { kind: "code"; code: number }
  | { kind: "signal"; signal: string; number: number };

/** A running child that shares this process's terminal. */
export interface Child {
  /** Resolves when it has ended. */
  exited: Promise<ExitStatus>;
}

/** Starts programs. */
export interface Processes {
  /**
   * Starts a program in this terminal and passes on the signals that this process is sent, until it ends.
   *
   * @param command the program and its arguments
   * @param environment its whole environment
   * @throws {ProgramError} when it cannot be started
   */
  spawn(
    command: readonly [string, ...string[]],
    environment: Record<string, string>,
  ): Child;
}
