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

/** Runs commands of the user's shell. */
export interface Shell {
  /**
   * Runs a command to its end; its output goes to standard error.
   *
   * @param input what it reads
   * @param environment variables that it gets besides this process's own
   * @param signal ends it, and all that it has started
   * @throws {RdsiamError} `failed`, when it cannot be started, fails, or takes longer than its deadline
   */
  run(
    command: string,
    input: string,
    environment: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<void>;
}
