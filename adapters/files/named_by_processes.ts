/**
 * Whether a process of this user's that runs has been started with this path in a variable. Linux alone tells: elsewhere
 * nobody does, and it is `false`.
 */
export async function isNamedByProcesses(path: string): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  try {
    // Deno itself reads nothing of /proc without all permissions.
    const { success } = await new Deno.Command("/bin/sh", {
      args: ["-c", 'grep -qsF -- "$1" /proc/[0-9]*/environ', "sh", path],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch {
    return false;
  }
}
