import { RdsiamError } from "../../core/errors.ts";

/** What reading a passfile gave. */
export type PassfileContent =
  | { kind: "text"; text: string }
  /** There is none. */
  | { kind: "missing" }
  /** libpq would not read it either; `why` is for people. */
  | { kind: "ignored"; why: string };

/** The bits of a mode that let others than the owner in. */
const OTHERS = 0o077;

/**
 * Reads a passfile, unless libpq would ignore it: when it is not a plain file, or others may read it.
 *
 * @throws {RdsiamError} `failed`, when it is there but cannot be read
 */
export async function readPassfile(path: string): Promise<PassfileContent> {
  try {
    const { isFile, mode } = await Deno.stat(path);
    if (!isFile) return { kind: "ignored", why: "it is not a plain file" };
    if (mode !== null && Deno.build.os !== "windows" && mode & OTHERS) {
      return {
        kind: "ignored",
        why: "group or others have access to it; it must be 0600 or less",
      };
    }
    return { kind: "text", text: await Deno.readTextFile(path) };
  } catch (cause) {
    if (
      cause instanceof Deno.errors.NotFound ||
      cause instanceof Deno.errors.NotADirectory
    ) return { kind: "missing" };
    throw new RdsiamError("failed", `Passfile "${path}" cannot be read`, {
      hint: "Check its owner and mode, or name another with PGPASSFILE",
      cause,
    });
  }
}
