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
    using file = await Deno.open(temporary, {
      write: true,
      createNew: true,
      mode: 0o600,
    });
    await writeAll(file, new TextEncoder().encode(content));
    await file.sync();
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
}
