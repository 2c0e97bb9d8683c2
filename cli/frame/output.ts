import { RdsiamError } from "../../core/errors.ts";
import { paint } from "./paint.ts";

/** Text could not be written where it goes: the disk is full, or the like. */
export class OutputError extends RdsiamError {
  /** Makes one for what the system says. */
  constructor(cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super("failed", `Output cannot be written: ${why}`, {
      hint: "Check the file or the program that it goes to",
      cause,
    });
  }
}

/** Whether an error says that text cannot be written: nobody reads it any more, or the disk is full. */
export function isOutputError(error: unknown): boolean {
  return error instanceof OutputError ||
    error instanceof Deno.errors.BrokenPipe;
}

/** Where text goes. */
export interface Output {
  /**
   * Writes text as it is.
   *
   * @throws {Deno.errors.BrokenPipe} when nobody reads it any more
   * @throws {OutputError} when it cannot be written
   */
  write(text: string): void;
  /** Whether a person reads it there. */
  isTerminal: boolean;
}

/** An output for messages: what cannot be written is dropped, since no message may end what has work to do. */
export function dropping(output: Output): Output {
  return {
    isTerminal: output.isTerminal,
    write(text) {
      try {
        output.write(text);
      } catch (error) {
        if (!isOutputError(error)) throw error;
      }
    },
  };
}

/** How much to tell. */
export interface Verbosity {
  /** Nothing but errors. */
  quiet?: boolean;
  /** What was resolved from where, too. */
  verbose?: boolean;
  /** `false`: no colour, even on a terminal. */
  color?: boolean;
}

/** Whether to colour what goes to an output: on a terminal that has colours alone, and only where they are wanted. */
export function hasColor(
  output: Output,
  environment: Readonly<Record<string, string | undefined>>,
  verbosity: Verbosity,
): boolean {
  return output.isTerminal && verbosity.color !== false &&
    !environment.NO_COLOR && environment.TERM !== "dumb";
}

/** Tells people what happens, on standard error. Results are not its business. */
export class Reporter {
  readonly #output: Output;
  readonly #verbosity: Verbosity;
  readonly #hasColor: boolean;

  /** Makes a reporter for this output. */
  constructor(
    output: Output,
    environment: Readonly<Record<string, string | undefined>>,
    verbosity: Verbosity = {},
  ) {
    this.#output = output;
    this.#verbosity = verbosity;
    this.#hasColor = hasColor(output, environment, verbosity);
  }

  /** What failed, and what to do next. */
  error(message: string, hint?: string): void {
    this.#line("red", "error", message);
    if (hint !== undefined) this.#line("cyan", "hint", hint);
  }

  /** What the user should know although the command goes on. */
  warn(message: string): void {
    if (!this.#verbosity.quiet) this.#line("yellow", "warning", message);
  }

  /** Progress. */
  info(message: string): void {
    if (!this.#verbosity.quiet) this.#output.write(`${message}\n`);
  }

  /** What was resolved from where. */
  detail(message: string): void {
    if (this.#verbosity.verbose) this.#output.write(`${message}\n`);
  }

  /** An error with its stack and causes. */
  debug(error: unknown): void {
    this.#output.write(`${Deno.inspect(error)}\n`);
  }

  #line(color: "red" | "yellow" | "cyan", label: string, message: string) {
    const prefix = this.#hasColor
      ? paint(["bold", color], `${label}:`)
      : `${label}:`;
    this.#output.write(`${prefix} ${message}\n`);
  }
}

/** An output that writes to a stream of this process. */
export function terminalOutput(stream: typeof Deno.stdout): Output {
  const encoder = new TextEncoder();
  return {
    isTerminal: stream.isTerminal(),
    write(text) {
      const bytes = encoder.encode(text);
      try {
        for (let written = 0; written < bytes.length;) {
          written += stream.writeSync(bytes.subarray(written));
        }
      } catch (cause) {
        if (cause instanceof Deno.errors.BrokenPipe) throw cause;
        throw new OutputError(cause);
      }
    },
  };
}
