import { basename, dirname, join } from "node:path";

/** How the files end in which a new content is made: `.NAME.<uuid>.rdsiam-tmp`, beside the file. */
const SUFFIX = ".rdsiam-tmp";

/**
 * Replaces a file at once and whole, readable by this user alone from its first byte: a reader sees the old or the new
 * content, and when writing fails the old file stands.
 *
 * @param isReady looks at the new file once it is written; the old one is replaced right after it says so
 * @returns whether the file was replaced
 * @throws {Error} when the folder cannot be written to or the disk is full
 */
export async function replaceFile(
  path: string,
  content: string | Uint8Array,
  isReady: (newFile: string) => boolean | Promise<boolean> = () => true,
): Promise<boolean> {
  const temporary = join(
    dirname(path),
    `.${basename(path)}.${crypto.randomUUID()}${SUFFIX}`,
  );
  let isReplaced = false;
  try {
    await writeNewFile(
      temporary,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
    if (await isReady(temporary)) {
      isReplaced = renameAtOnce(temporary, path);
    }
  } finally {
    if (!isReplaced) await Deno.remove(temporary).catch(() => {});
  }
  return isReplaced;
}

/**
 * Removes what killed runs have left beside a file. Whoever calls this holds a lock that all who replace this file
 * wait for.
 */
export async function removeLeftovers(path: string): Promise<void> {
  const folder = dirname(path);
  const begin = `.${basename(path)}.`;
  for await (const { name, isFile } of Deno.readDir(folder)) {
    const isOurs = isFile && name.startsWith(begin) && name.endsWith(SUFFIX) &&
      /^[0-9a-f-]{36}$/.test(name.slice(begin.length, -SUFFIX.length));
    if (!isOurs) continue;
    const leftover = join(folder, name);
    if ((await Deno.lstat(leftover)).uid !== Deno.uid()) continue;
    await Deno.remove(leftover);
  }
}

/** Renames without letting anything else of this process run in between. */
function renameAtOnce(from: string, to: string): true {
  Deno.renameSync(from, to);
  return true;
}

async function writeNewFile(path: string, bytes: Uint8Array): Promise<void> {
  using file = await Deno.open(path, {
    write: true,
    createNew: true,
    mode: 0o600,
  });
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
  await file.sync();
}
