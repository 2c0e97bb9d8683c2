import { errorMessage } from "../../core/errors.ts";
import type { NamedTarget } from "../../core/target/target.ts";
import type { Reporter } from "../frame/output.ts";
import type { TargetContext } from "../target/read_target.ts";
import { readTargets } from "../target/read_targets.ts";
import type { TargetOptions } from "../target/target_options.ts";

/**
 * The targets to serve. Those that cannot be used are warned of, as long as there is another.
 *
 * @throws {RdsiamError} as {@linkcode readTargets} does, and when no target is left
 */
export async function readServedTargets(
  names: readonly string[],
  options: TargetOptions,
  context: TargetContext,
  reporter: Reporter,
): Promise<readonly NamedTarget[]> {
  const { targets, failures } = await readTargets(
    names,
    options,
    context,
    reporter,
  );
  if (targets.length === 0 && failures[0] !== undefined) {
    throw failures[0].error;
  }
  for (const { name, error } of failures) {
    const why = errorMessage(error);
    reporter.warn(`Target "${name}" is left out: ${why}`);
  }
  return targets;
}
