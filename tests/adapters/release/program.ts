/** Writes a program that the shell runs. */
export async function writeProgram(
  path: string,
  script: string,
): Promise<void> {
  await Deno.writeTextFile(path, `#!/bin/sh\n${script}\n`);
  await Deno.chmod(path, 0o755);
}
