import manifest from "../../deno.json" with { type: "json" };

/** The commit that the program was built from; `scripts/bundle` writes it here, and in the source tree there is none. */
const COMMIT = "";

/** What `--version --json` tells. */
export interface BuildInfo {
  version: string;
  /** The commit, with `-dirty` where the tree held more than that; `null` in the source tree. */
  commit: string | null;
  /** The version of Deno within. */
  deno: string;
  /** The machine it was built for, by Deno's name. */
  target: string;
}

/** The version of rdsiam. */
export const VERSION: string = manifest.version;

/** Which build this is. */
export function buildInfo(): BuildInfo {
  return {
    version: VERSION,
    commit: COMMIT === "" ? null : COMMIT,
    deno: Deno.version.deno,
    target: Deno.build.target,
  };
}
