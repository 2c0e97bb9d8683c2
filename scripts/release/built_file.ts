import { ROOT } from "../run.ts";

/**
 * Reads what another task made.
 *
 * @param path below the root of the source tree
 * @param task the task that makes it, with its arguments
 * @throws {Error} when it is not there, with the task as its cause
 */
export async function readBuilt(
  path: string,
  task: string,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(`${ROOT}${path}`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(`${path} is not there`, {
      cause: `Run: deno task ${task}`,
    });
  }
}
