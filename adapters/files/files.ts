import { dirname, resolve } from "node:path";
import type { Clock } from "../../core/ports/clock.ts";
import type { Files, FileUpdate } from "../../core/ports/files.ts";
import { textOf } from "../../core/text/bytes.ts";
import { readPlainFile } from "./content.ts";
import { fileError } from "./errors.ts";
import { lockFolder } from "./folder_lock.ts";
import { resolveLinks } from "./resolve_links.ts";
import { type Change, updateLocked } from "./update_file.ts";

/** The user's files, as the system has them. */
export function createFiles(clock: Clock): Files {
  return {
    async update(path, change, { isSecret }) {
      let failure: { error: unknown } | undefined;
      async function guarded(oldText: string): Promise<string> {
        try {
          return await change(oldText);
        } catch (error) {
          failure = { error };
          throw error;
        }
      }
      try {
        return await update(path, guarded, { isSecret, clock });
      } catch (error) {
        if (failure?.error === error) throw error; // its caller's own
        throw fileError(path, "changed", error);
      }
    },
    async read(path) {
      try {
        const real = await resolveLinks(resolve(path));
        if (real === undefined) return undefined;
        const content = await readPlainFile(real, path);
        return content && textOf(content.bytes);
      } catch (error) {
        throw fileError(path, "read", error);
      }
    },
  };
}

async function update(
  path: string,
  change: Change,
  { isSecret, clock }: { isSecret: boolean; clock: Clock },
): Promise<FileUpdate> {
  const absolute = resolve(path);
  for (;;) {
    const file = await resolveLinks(absolute);
    if (file === undefined) {
      if (await change("") === "") return { changed: false, notices: [] };
      await Deno.mkdir(dirname(absolute), { recursive: true, mode: 0o700 });
      continue;
    }
    using lock = await lockFolder(dirname(file), clock);
    if (await resolveLinks(absolute) !== file) continue; // A link was changed meanwhile.
    const result = await updateLocked(file, change, {
      name: path,
      isSecret,
      clock,
    });
    if (result.changed) await lock.sync();
    return result;
  }
}
