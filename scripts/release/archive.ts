import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { createTar } from "nanotar";

const TAR_BLOCK_BYTES = 512;

/** A file of an archive. */
export interface ArchivedFile {
  name: string;
  data: Uint8Array<ArrayBuffer>;
  /** Whether it is a program. */
  executable: boolean;
}

/** Packs files as `.tar.gz`: the same files and time give the same bytes. */
export function packTarGz(
  files: readonly ArchivedFile[],
  time: Date,
): Uint8Array<ArrayBuffer> {
  const tar = createTar(files.map(({ name, data, executable }) => ({
    name,
    data,
    attrs: {
      mode: executable ? "755" : "644",
      mtime: time.getTime(),
      uid: 0,
      gid: 0,
      user: "root",
      group: "root",
    },
  })));
  // nanotar ends with one block of zeros, POSIX with two.
  const whole = new Uint8Array(tar.length + TAR_BLOCK_BYTES);
  whole.set(tar);
  return new Uint8Array(gzipSync(whole, { level: 9 }));
}

/** Packs files as `.zip`: the same files and time give the same bytes. */
export function packZip(
  files: readonly ArchivedFile[],
  time: Date,
): Uint8Array<ArrayBuffer> {
  // The format knows no time zone: it takes local time, and so UTC is written as if it were local.
  const local = new Date(
    time.getUTCFullYear(),
    time.getUTCMonth(),
    time.getUTCDate(),
    time.getUTCHours(),
    time.getUTCMinutes(),
    time.getUTCSeconds(),
  );
  return zipSync(Object.fromEntries(
    files.map(({ name, data, executable }) => [name, [data, {
      mtime: local,
      os: 3,
      attrs: (executable ? 0o100755 : 0o100644) << 16,
    }]]),
  ));
}
