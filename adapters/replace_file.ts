import { basename, dirname, join } from "node:path";

/**
 * Replaces a file at once and whole, readable by this user alone from its first byte: a reader sees the old or the new
 * content, and when writing fails the old file stands.
 *
 * @throws {Error} when the folder cannot be written to or the disk is full
 */
export async function replaceFile(
  path: string,
  content: string,
): Promise<void> {
  const temporary = join(
    dirname(path),
    `.${basename(path)}.${crypto.randomUUID()}.tmp`,
  );
  try {
    await writeNewFile(temporary, new TextEncoder().encode(content));
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}

/**
 * Writes a file that was not there, readable by this user alone from its first byte, down to the disk.
 *
 * @throws {Error} when there is something of that name, the folder cannot be written to or the disk is full
 */
export async function writeNewFile(
  path: string,
  bytes: Uint8Array,
): Promise<void> {
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
