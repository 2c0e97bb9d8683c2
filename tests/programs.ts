import assert from "node:assert/strict";
import { findProgram } from "../adapters/process/find_program.ts";

/** Runs a program to its end, with messages in English. */
export async function run(
  program: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; output: string }> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    env: { LC_ALL: "C", ...env },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

/**
 * Whether a test has to be skipped for want of a program; continuous integration must have them all.
 *
 * @param programs what the test needs, by name; of names in a list, one is enough
 */
export async function isMissing(
  t: Deno.TestContext,
  ...programs: (string | readonly string[])[]
): Promise<boolean> {
  for (const names of programs) {
    const choice = [names].flat();
    const found = await Promise.all(
      choice.map((name) => findProgram(name, Deno.env.toObject())),
    );
    if (found.some((path) => path !== undefined)) continue;
    await skip(t, `${choice.join(" or ")} is not installed`);
    return true;
  }
  return false;
}

/** Shows that a test is skipped, and why. In continuous integration that is a failure. */
export async function skip(t: Deno.TestContext, why: string): Promise<void> {
  assert.notEqual(Deno.env.get("CI"), "true", why);
  await t.step({ name: `skipped: ${why}`, ignore: true, fn() {} });
}
