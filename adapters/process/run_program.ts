import { atMost, untilAborted, within } from "../../core/ports/within.ts";
import { ProgramError } from "../../core/ports/program_error.ts";
import { systemClock } from "./clock.ts";

/** How much of standard error is kept. */
const KEPT_ERRORS = 64 * 1024;

/** How long a program may take that is asked something small, in milliseconds. */
const DEADLINE_MS = 30_000;

/** How many bytes a program may print, where nobody says. */
const OUTPUT_LIMIT = 1024 * 1024;

/** How long a program may take to end that is asked to, in milliseconds. */
const GRACE_MS = 2_000;

/** How to run a program. */
export interface ProgramOptions {
  /** Its whole environment. */
  environment: Record<string, string>;
  /** The user that it runs as, and its folder, where they are not this process's own. */
  as?: Pick<Deno.CommandOptions, "uid" | "gid" | "cwd">;
  /** What it reads on standard input; nothing by default. */
  input?: string;
  /** How long it may take, in milliseconds; half a minute by default. */
  deadlineMs?: number;
  /** How many bytes it may print; a megabyte by default. */
  outputLimit?: number;
}

/** What a program did. */
export interface ProgramResult {
  /** Its exit code; 128 and the signal's number when one ended it. */
  code: number;
  stdout: string;
  /** The beginning of its standard error. */
  stderr: string;
}

/**
 * Runs a program to its end, away from the terminal, and takes what it prints. One that takes too long or prints too
 * much is killed.
 *
 * @throws {ProgramError} when it cannot be started
 * @throws {Error} when it takes too long or prints too much
 */
export async function runProgram(
  command: readonly [string, ...string[]],
  options: ProgramOptions,
): Promise<ProgramResult> {
  const { environment, as, input } = options;
  const { deadlineMs = DEADLINE_MS, outputLimit = OUTPUT_LIMIT } = options;
  const child = startProgram(command, {
    ...as,
    env: environment,
    clearEnv: true,
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  });
  const late = () => new Error(`It took longer than ${deadlineMs / 1000} s`);
  const running = within(systemClock, deadlineMs, late, async (over) => {
    const stop = new AbortController();
    const signal = stop.signal;
    over.addEventListener("abort", () => stop.abort(over.reason));
    signal.addEventListener("abort", () => signalChild(child, "SIGKILL"));
    const tooMuch = () =>
      stop.abort(new Error(`It printed more than ${outputLimit} bytes`));
    const [stdout, stderr, { code }] = await Promise.all([
      collect(child.stdout, outputLimit, signal, tooMuch),
      collect(child.stderr, KEPT_ERRORS, signal),
      child.status,
      input === undefined
        ? undefined
        // What a killed program left running may hold its input open.
        : Promise.race([feed(child, input), untilAborted(signal)]),
    ]);
    signal.throwIfAborted();
    return { code, stdout: await stdout.text(), stderr: await stderr.text() };
  });
  try {
    return await running;
  } finally {
    await child.status; // it has ended, or was killed
  }
}

/** Reads to the end, keeping the first bytes; what it leaves running behind may hold the pipe open until the abort. */
async function collect(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  limit: number,
  signal: AbortSignal,
  onTooMuch?: () => void,
): Promise<Blob> {
  const reader = stream.getReader();
  const cancel = () => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", cancel);
  const kept: Uint8Array<ArrayBuffer>[] = [];
  let left = limit;
  for (;;) {
    const { value } = await reader.read();
    if (value === undefined) break;
    if (value.length > left) onTooMuch?.();
    kept.push(value.subarray(0, left));
    left = Math.max(0, left - value.length);
  }
  return new Blob(kept);
}

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

/**
 * Ends a child that was started `detached` and all that it started, after so many milliseconds in which it may end by
 * itself: it is asked first, then killed.
 */
export async function endGroup(
  child: Deno.ChildProcess,
  ms: number,
): Promise<void> {
  if (await atMost(systemClock, ms, child.status) === undefined) {
    signalGroup(child, "SIGTERM");
    await atMost(systemClock, GRACE_MS, child.status);
  }
  // With what it left behind in its group.
  signalGroup(child, "SIGKILL");
}

function signalGroup(child: Deno.ChildProcess, signal: Deno.Signal) {
  try {
    if (Deno.build.os === "windows") child.kill(signal);
    else Deno.kill(-child.pid, signal);
  } catch {
    // Nobody is left.
  }
}
