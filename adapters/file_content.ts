import { RdsiamError } from "../core/errors.ts";

/** Files beyond this are refused: none that clients read comes near it. */
export const LARGEST_MIB = 64;

/** A file that is open, and what it holds. */
export interface OpenFile extends Disposable {
  info: Deno.FileInfo;
  bytes: Uint8Array<ArrayBuffer>;
  /** Leaves it to the caller to close. */
  release(): Deno.FsFile;
}

/**
 * Opens and reads a plain file.
 *
 * @param name the name that its user knows it by
 * @returns `undefined` when it is not there
 * @throws {RdsiamError} `failed`, when it is something else, or too large
 * @throws {Error} when it cannot be read
 */
export async function openPlainFile(
  path: string,
  name: string,
): Promise<OpenFile | undefined> {
  try {
    // Opening anything else could wait for ever, or set off a device.
    refuseUnlessPlain(await Deno.lstat(path), name);
    const file = await Deno.open(path);
    try {
      const info = await file.stat();
      const bytes = await readBytes(file, name);
      let isReleased = false;
      return {
        info,
        bytes,
        release() {
          isReleased = true;
          return file;
        },
        [Symbol.dispose]() {
          if (!isReleased) file.close();
        },
      };
    } catch (error) {
      file.close();
      throw error;
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Reads an open file from its beginning.
 *
 * @throws {RdsiamError} `failed`, when it is too large
 */
export async function readBytes(
  file: Deno.FsFile,
  name: string,
): Promise<Uint8Array<ArrayBuffer>> {
  await file.seek(0, Deno.SeekMode.Start);
  const { size } = await file.stat();
  refuseTooLarge(size, name);
  let bytes = new Uint8Array(size + 1);
  let length = 0;
  for (;;) {
    const read = await file.read(bytes.subarray(length));
    if (read === null) return bytes.subarray(0, length);
    length += read;
    if (length < bytes.length) continue;
    refuseTooLarge(length, name); // It grows while it is read.
    const larger = new Uint8Array(length * 2);
    larger.set(bytes);
    bytes = larger;
  }
}

/** @throws {RdsiamError} `failed`, when a content of that many bytes is too large */
export function refuseTooLarge(size: number, name: string): void {
  if (size <= LARGEST_MIB * 1024 * 1024) return;
  throw new RdsiamError(
    "failed",
    `File "${name}" is not used: it has more than ${LARGEST_MIB} MiB`,
    { hint: "Check that it is the file that you mean" },
  );
}

function refuseUnlessPlain(info: Deno.FileInfo, name: string): void {
  if (info.isFile) return;
  const kind = info.isDirectory
    ? "a folder"
    : info.isFifo
    ? "a named pipe"
    : info.isSocket
    ? "a socket"
    : info.isSymlink
    ? "a link that changes"
    : "a device";
  throw new RdsiamError("failed", `File "${name}" is not used: it is ${kind}`, {
    hint: "Name a plain file",
  });
}
