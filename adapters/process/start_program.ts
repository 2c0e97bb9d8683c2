import { ProgramError } from "../../core/ports/program_error.ts";

/**
 * Starts a program.
 *
 * @throws {ProgramError} when it cannot be started
 */
export function startProgram(
  [program, ...args]: readonly [string, ...string[]],
  options: Omit<Deno.CommandOptions, "args">,
): Deno.ChildProcess {
  try {
    return new Deno.Command(program, { ...options, args }).spawn();
  } catch (error) {
    throw startError(program, error);
  }
}

/** Sends a child a signal, unless it has ended. */
export function signalChild(
  child: Deno.ChildProcess,
  signal: Deno.Signal,
): void {
  try {
    child.kill(signal);
  } catch {
    // It has ended already.
  }
}

/** Gives a child all that it reads, as far as it wants it; one that reads nothing is fine. */
export async function feed(
  { stdin }: Deno.ChildProcess,
  input: string,
): Promise<void> {
  const writer = stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
  } catch {
    // Its exit code tells whether that was right.
    await writer.abort().catch(() => {});
  }
}

function startError(program: string, cause: unknown): ProgramError {
  if (cause instanceof Deno.errors.NotFound) {
    return new ProgramError(
      127,
      `Program "${program}" cannot be started: it is not found`,
      {
        hint: "Check its name and PATH",
        cause,
      },
    );
  }
  return new ProgramError(126, `Program "${program}" cannot be executed`, {
    hint: "It must be a program file with the right to execute it",
    cause,
  });
}
