/** Runs other programs for the scripts, in the root of the source tree. */
// deno-lint-ignore-file no-console

import { fileURLToPath } from "node:url";

/** The root of the source tree, with a slash at its end. */
export const ROOT: string = fileURLToPath(new URL("..", import.meta.url));

/** Shows a command, runs it, and lets it write to the terminal. */
export async function show(program: string, ...args: string[]): Promise<void> {
  await showWith({}, program, ...args);
}

/** As {@linkcode show}, with these variables in the environment beside what is there. */
export async function showWith(
  env: Record<string, string>,
  program: string,
  ...args: string[]
): Promise<void> {
  const name = program === Deno.execPath() ? "deno" : program;
  const settings = Object.entries(env).map(([key, value]) => `${key}=${value}`);
  console.log(["$", ...settings, name, ...args].join(" "));
  const { success, code } = await new Deno.Command(program, {
    args,
    cwd: ROOT,
    env,
    stdin: "null",
  }).spawn().status;
  if (!success) throw new Error(`${name} ${args[0]} failed: exit code ${code}`);
}

/** Runs a command and returns what it wrote to stdout, without the last newline. */
export async function read(
  program: string,
  ...args: string[]
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args,
    cwd: ROOT,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  if (!success) {
    throw new Error(
      `${program} ${args[0]} failed: ${decoder.decode(stderr).trim()}`,
    );
  }
  return decoder.decode(stdout).replace(/\n$/, "");
}

/** Runs a script's main function; its error is one line, and the exit code then 1. */
export async function runScript(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const [cause, hint] = error instanceof Error
      ? [error.message, error.cause]
      : [error];
    console.error(`error: ${cause}`);
    if (typeof hint === "string") console.error(`hint: ${hint}`);
    Deno.exit(1);
  }
}
