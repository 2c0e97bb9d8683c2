import { join } from "node:path";
import { systemClock } from "../../../adapters/process/clock.ts";
import { createFiles } from "../../../adapters/files/files.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { FileUpdate } from "../../../core/ports/files.ts";
import { temporaryFolder } from "../temporary_folder.ts";

/** Options for a file of tokens, and for one without. */
export const SECRET = { isSecret: true };
export const OPEN = { isSecret: false };

/** The update of a file that is as it should be. */
export const CHANGED: FileUpdate = { changed: true, notices: [] };
export const UNCHANGED: FileUpdate = { changed: false, notices: [] };

/** The files under test, by the real clock. */
export const files = createFiles(systemClock);

/** Files whose every pause calls `onPause`, and is none. */
export function filesWithPauses(onPause: () => Promise<unknown> | void) {
  let now = 0;
  const clock: Clock = {
    now: () => now,
    async sleep(ms) {
      now += ms;
      await onPause();
    },
  };
  return createFiles(clock);
}

/** A change that appends a line. */
export function append(line: string) {
  return (oldText: string) => `${oldText}${line}\n`;
}

/** A temporary folder with a file of these contents. */
export async function folderWithFile(
  content: string | Uint8Array,
  { mode = 0o600, name = "pgpass" } = {},
) {
  const folder = await temporaryFolder();
  const path = join(folder.path, name);
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
  await Deno.writeFile(path, bytes);
  await Deno.chmod(path, mode);
  return Object.assign(folder, { file: path });
}

/** Runs a shell command on a file, as another program would. */
export async function shell(script: string, path: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("sh", {
    args: ["-c", script, path],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
