import { dirname } from "node:path";
import { RdsiamError } from "../core/errors.ts";
import { replaceFile } from "./replace_file.ts";

/** What a new configuration file may be read by: it holds no secret. */
const NEW_MODE = 0o644;

/**
 * Changes a text file at once and whole, its mode kept; a link stays a link. It is made, with its folder, when it is not
 * there.
 *
 * @param change makes the new content of the old, which is empty for a file that is not there; what it throws leaves the
 * file alone
 * @throws {RdsiamError} `usage`, when it is not UTF-8; `failed`, when it cannot be read or replaced
 */
export async function editFile(
  path: string,
  change: (oldText: string) => Promise<string>,
): Promise<void> {
  try {
    const old = await readOld(path);
    const edited = await change(old?.text ?? "");
    if (old === undefined) await Deno.mkdir(dirname(path), { recursive: true });
    const real = old?.path ?? path;
    await replaceFile(real, edited);
    const mode = old?.mode ?? (NEW_MODE & ~Deno.umask());
    if (Deno.build.os !== "windows") await Deno.chmod(real, mode);
  } catch (cause) {
    if (cause instanceof RdsiamError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new RdsiamError(
      "failed",
      `File "${path}" cannot be changed: ${why}`,
      {
        hint: "Check its owner and mode, and those of its folder",
        cause,
      },
    );
  }
}

async function readOld(path: string) {
  try {
    const real = await Deno.realPath(path);
    const { mode } = await Deno.stat(real);
    const bytes = await Deno.readFile(real);
    return {
      path: real,
      mode: (mode ?? NEW_MODE) & 0o777,
      text: decode(path, bytes),
    };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(bytes);
  } catch (cause) {
    throw new RdsiamError("usage", `File "${path}" is not UTF-8`, {
      hint: "Save it as UTF-8",
      cause,
    });
  }
}
