import assert from "node:assert/strict";

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

/** Whether a test has to be skipped for want of a program; continuous integration must have them all. */
export async function isMissing(
  t: Deno.TestContext,
  program: string,
): Promise<boolean> {
  try {
    await run(program, ["--version"]);
    return false;
  } catch {
    await skip(t, `${program} is not installed`);
    return true;
  }
}

/** Shows that a test is skipped, and why. In continuous integration that is a failure. */
export async function skip(t: Deno.TestContext, why: string): Promise<void> {
  assert.notEqual(Deno.env.get("CI"), "true", why);
  await t.step({ name: `skipped: ${why}`, ignore: true, fn() {} });
}
