import { fileURLToPath } from "node:url";

/** A program of tests/testdata that runs. */
export interface DenoProgram extends AsyncDisposable {
  child: Deno.ChildProcess;
  /** The next thing it prints, or `undefined` when it prints no more. */
  read(): Promise<string | undefined>;
}

/**
 * Starts a program of tests/testdata with Deno; one that still runs when it is disposed of is killed.
 *
 * @param launcher a program that executes its arguments in its own place
 */
export function startProgram(
  name: string,
  args: string[] = [],
  env: Record<string, string> = {},
  launcher: string[] = [],
): DenoProgram {
  const path = fileURLToPath(new URL(`../testdata/${name}`, import.meta.url));
  const [program = "", ...rest] = [
    ...launcher,
    Deno.execPath(),
    ...["run", "--allow-all", "--no-check", path, ...args],
  ];
  const child = new Deno.Command(program, {
    args: rest,
    env,
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  return {
    child,
    read: async () => (await output.read()).value,
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended already.
      }
      await child.status;
      await output.cancel();
    },
  };
}
