import { environment, KEY, RDSIAM, type RunOptions } from "../rdsiam.ts";

/** A running `rdsiam … --watch --json`. */
export interface RunningWatch extends AsyncDisposable {
  /** The next event that it prints. */
  next(): Promise<Record<string, unknown>>;
  /** Sends it a signal. */
  kill(signal: Deno.Signal): void;
  /** What it exits with. */
  exited: Promise<number>;
}

/** Starts a watching command; `--watch --json` are added. */
export function startWatch(
  args: readonly string[],
  { env = {} }: RunOptions = {},
): RunningWatch {
  const [program, ...rest] = RDSIAM;
  const child = new Deno.Command(program, {
    args: [...rest, ...args, "--watch", "--json"],
    env: environment({ ...KEY, ...env }),
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(child.stderr).text();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    exited: child.status.then(({ code }) => code),
    kill: (signal) => child.kill(signal),
    async next() {
      while (!text.includes("\n")) {
        const { value } = await reader.read();
        if (value === undefined) throw new Error(`It ended: ${await stderr}`);
        text += value;
      }
      const [line = "", rest] = text.split(/\n(.*)/s);
      text = rest ?? "";
      return JSON.parse(line);
    },
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended.
      }
      await child.status;
      await stderr;
      await reader.cancel();
    },
  };
}
