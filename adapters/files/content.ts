import { RdsiamError } from "../../core/errors.ts";

/** Files beyond this are refused: none that clients read comes near it. */
export const LARGEST_MIB = 64;

/** What a file was and held when it was read. */
export interface FileContent {
  info: Deno.FileInfo;
  bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Reads a plain file.
 *
 * @param name the name that its user knows it by
 * @returns `undefined` when it is not there
 * @throws {RdsiamError} `failed`, when it is something else, or too large
 * @throws {Error} when it cannot be read
 */
export async function readPlainFile(
  path: string,
  name: string,
): Promise<FileContent | undefined> {
  try {
    // Opening anything else could wait for ever, or set off a device.
    refuseUnlessPlain(await Deno.lstat(path), name);
    using file = await Deno.open(path);
    return { info: await file.stat(), bytes: await readBytes(file, name) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function readBytes(
  file: Deno.FsFile,
  name: string,
): Promise<Uint8Array<ArrayBuffer>> {
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
