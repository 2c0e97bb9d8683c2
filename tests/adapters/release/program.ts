import { run } from "../../programs.ts";

/**
 * Writes a program that the shell runs. Another process writes it: what a test beside this one forks meanwhile would hold
 * the file open, and Linux starts no program that is open for writing.
 */
export async function writeProgram(
  path: string,
  script: string,
): Promise<void> {
  const { code, output } = await run("sh", [
    ...["-c", 'printf "%s" "$1" >"$0" && chmod 755 "$0"'],
    ...[path, `#!/bin/sh\n${script}\n`],
  ]);
  if (code !== 0) throw new Error(output);
}
