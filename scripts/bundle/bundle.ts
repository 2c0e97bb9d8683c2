/** A bundle: the JavaScript that goes into the binary. */

/** One file of a bundle. */
export interface BundleFile {
  /** Its name; all lie in one folder. */
  readonly name: string;
  readonly text: string;
}

/** The file that a bundle is started by. */
export const ENTRY = "rdsiam.js";

/** What `deno bundle` calls that file. */
export const BUNDLED_ENTRY = "main.js";
