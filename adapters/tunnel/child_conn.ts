import { atMost } from "../../core/ports/within.ts";
import { systemClock } from "../process/clock.ts";
import type { TunnelConn } from "../../core/tunnel/ports.ts";
import { endGroup, startProgram } from "../process/run_program.ts";

/** How a child ended, and what it said. */
export interface ChildEnd {
  /** Its exit code; 128 and the signal's number when one ended it. */
  code: number;
  /** The last lines of its standard error, the oldest first. */
  lines: readonly string[];
}

/** How many lines of standard error are kept. */
const KEPT_LINES = 12;

/** How long to wait for the end of a child whose output has ended, in milliseconds. */
const EXIT_MS = 1_000;

/**
 * Starts a child whose standard streams are a connection. It is in a process group of its own: Ctrl-C in the terminal
 * does not reach it. When this program is killed, its input ends.
 *
 * @param explain what to make of its end, before it is told to
 * @throws {ProgramError} when it cannot be started
 */
export function startChildConn(
  command: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>>,
  explain: (end: ChildEnd, hasCarried: boolean) => Error | undefined,
): TunnelConn {
  const child = startProgram(command, {
    env: environment,
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    detached: Deno.build.os !== "windows",
  });
  const lines: string[] = [];
  const reading = readLines(child.stderr, lines);
  const output = child.stdout.getReader();
  const input = child.stdin.getWriter();
  let unread: Uint8Array = new Uint8Array();
  let hasEnded = false;
  return {
    stream: {
      async read(buffer) {
        if (unread.length === 0) {
          const { value } = await output.read();
          if (value === undefined) {
            hasEnded = true;
            return null;
          }
          unread = value;
        }
        const count = Math.min(unread.length, buffer.length);
        buffer.set(unread.subarray(0, count));
        unread = unread.subarray(count);
        return count;
      },
      async write(bytes) {
        try {
          await input.write(bytes);
        } catch (error) {
          hasEnded = true;
          throw error;
        }
        return bytes.length;
      },
      closeWrite: () => input.close(),
      close() {
        output.cancel().catch(() => {});
        input.abort().catch(() => {});
        endGroup(child, hasEnded ? EXIT_MS : 0);
      },
    },
    async failure(hasCarried) {
      if (!hasEnded) return undefined;
      const exited = await atMost(systemClock, EXIT_MS, child.status);
      if (exited === undefined) return undefined;
      await atMost(systemClock, EXIT_MS, reading);
      return explain({ code: exited.code, lines }, hasCarried);
    },
  };
}

async function readLines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  lines: string[],
): Promise<void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    // A line without an end is cut: nothing may grow without bounds.
    rest = (parts.pop() ?? "").slice(0, 4096);
    lines.push(...parts);
    lines.splice(0, lines.length - KEPT_LINES);
  }
  if (rest !== "") lines.push(rest);
}
