import { startError } from "./process.ts";

/** How much of standard error is kept. */
const KEPT_ERRORS = 64 * 1024;

/** How to run a program. */
export interface ProgramOptions {
  /** Its whole environment. */
  environment: Record<string, string>;
  /** What it reads on standard input; nothing by default. */
  input?: string;
  /** How long it may take, in milliseconds. */
  deadlineMs: number;
  /** How many bytes it may print. */
  outputLimit: number;
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
  [program, ...args]: readonly [string, ...string[]],
  { environment, input, deadlineMs, outputLimit }: ProgramOptions,
): Promise<ProgramResult> {
  const child = start(program, args, environment, input !== undefined);
  const stop = new AbortController();
  const timer = setTimeout(
    () => stop.abort(new Error(`It took longer than ${deadlineMs / 1000} s`)),
    deadlineMs,
  );
  const tooMuch = () =>
    stop.abort(new Error(`It printed more than ${outputLimit} bytes`));
  stop.signal.addEventListener("abort", () => kill(child));
  try {
    const [stdout, stderr, { code }] = await Promise.all([
      collect(child.stdout, outputLimit, stop.signal, tooMuch),
      collect(child.stderr, KEPT_ERRORS, stop.signal),
      child.status,
      input === undefined
        ? undefined
        : Promise.race([feed(child.stdin, input), aborted(stop.signal)]),
    ]);
    stop.signal.throwIfAborted();
    return { code, stdout: await stdout.text(), stderr: await stderr.text() };
  } finally {
    clearTimeout(timer);
  }
}

function start(
  program: string,
  args: string[],
  env: Record<string, string>,
  hasInput: boolean,
): Deno.ChildProcess {
  try {
    return new Deno.Command(program, {
      args,
      env,
      clearEnv: true,
      stdin: hasInput ? "piped" : "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    throw startError(program, error);
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

async function feed(stdin: WritableStream<Uint8Array>, input: string) {
  const writer = stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
  } catch {
    // It did not want all of it; its exit code tells whether that was right.
  }
}

/** Resolves when the signal aborts: what a killed program left running may hold its input open. */
function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve());
  return promise;
}

function kill(child: Deno.ChildProcess) {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended already.
  }
}
