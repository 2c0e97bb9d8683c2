/**
 * What a program prints for `--version`, in its first line.
 *
 * @returns empty when it cannot be run or prints nothing: whoever starts it will be told why
 */
export async function programVersion(program: string): Promise<string> {
  try {
    const { stdout } = await new Deno.Command(program, {
      args: ["--version"],
      stdin: "null",
      stderr: "null",
    }).output();
    return new TextDecoder().decode(stdout).split("\n")[0] ?? "";
  } catch {
    return "";
  }
}
