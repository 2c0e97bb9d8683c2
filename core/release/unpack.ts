import { gunzipSync, unzipSync } from "fflate";
import { parseTar } from "nanotar";
import { programName, type ReleaseTarget } from "./release.ts";

/**
 * Takes the program out of a release's archive.
 *
 * @returns `undefined`, when it is not in there
 * @throws {Error} when the archive is damaged
 */
export function unpackProgram(
  archive: Uint8Array,
  target: ReleaseTarget,
): Uint8Array | undefined {
  const wanted = programName(target);
  if (target.os === "windows") {
    return unzipSync(archive, { filter: ({ name }) => name === wanted })[
      wanted
    ];
  }
  const [file] = parseTar(gunzipSync(archive), {
    filter: ({ name, type }) =>
      name.replace(/^\.\//, "") === wanted && type === "file",
  });
  return file?.data;
}
