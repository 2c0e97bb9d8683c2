import { dirname } from "node:path";
import { replaceFile } from "../../adapters/files/replace_file.ts";
import { errorMessage, RdsiamError } from "../../core/errors.ts";
import { DAEMON_MARK } from "../../core/daemon/definition.ts";

/**
 * Whether a service's file is there.
 *
 * @throws {RdsiamError} `failed`, when somebody else wrote it, or it cannot be read
 */
export async function hasDaemonFile(path: string): Promise<boolean> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw fileError("read", path, cause);
  }
  if (text.includes(DAEMON_MARK)) return true;
  throw new RdsiamError(
    "failed",
    `File "${path}" is left alone: rdsiam did not write it`,
    { hint: "Choose another name with --name, or remove it" },
  );
}

/**
 * Writes a service's file, and makes the folders that are missing.
 *
 * @throws {RdsiamError} `failed`, when that cannot be done, or somebody else wrote the file that is there
 */
export async function writeDaemonFile(
  path: string,
  text: string,
  folders: readonly string[],
): Promise<void> {
  await hasDaemonFile(path);
  try {
    for (const folder of [dirname(path), ...folders]) {
      await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    }
    await replaceFile(path, text);
  } catch (cause) {
    throw fileError("written", path, cause);
  }
}

/**
 * Removes a service's file.
 *
 * @throws {RdsiamError} `failed`, when that cannot be done
 */
export async function removeDaemonFile(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (cause) {
    throw fileError("removed", path, cause);
  }
}

function fileError(what: string, path: string, cause: unknown): RdsiamError {
  const why = errorMessage(cause);
  return new RdsiamError(
    "failed",
    `Service file "${path}" cannot be ${what}: ${why}`,
    { hint: "Check the owner and mode of the file and its folder", cause },
  );
}
