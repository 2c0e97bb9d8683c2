import {
  describeWeakness,
  formatOrigin,
  type GivenFields,
} from "../../core/target/fields.ts";
import type { Target } from "../../core/target/target.ts";
import { resolveTarget } from "../../services/target/resolve_target.ts";
import type { Context } from "../frame/context.ts";
import type { Reporter } from "../frame/output.ts";
import {
  type FieldsContext,
  gatherFields,
  type TargetRequest,
} from "./gather_fields.ts";
import type { TargetOptions } from "./target_options.ts";

/** What targets are read from. */
export type TargetContext =
  & FieldsContext
  & Pick<Context, "resolver" | "defaultRegion">;

/**
 * The target that the options, `[target]`, `RDSIAM_TARGET`, the environment and the configuration name, in this order.
 *
 * @throws {RdsiamError} as {@linkcode gatherFields} and {@linkcode resolveTarget} do
 */
export async function readTarget(
  name: string | undefined,
  options: TargetOptions,
  context: TargetContext,
  reporter: Reporter,
  { signsOnly = false }: Pick<TargetRequest, "signsOnly"> = {},
): Promise<Target> {
  const { given } = await gatherFields(
    { name, options, signsOnly },
    context,
    reporter,
  );
  return await resolveFields(given, context, reporter);
}

/**
 * The target that given fields name. That its server is not fully verified is warned of; what came from where is reported to
 * those who ask for it.
 *
 * @throws {RdsiamError} as {@linkcode resolveTarget} does
 */
export async function resolveFields(
  given: GivenFields,
  context: Pick<Context, "resolver" | "defaultRegion">,
  reporter: Reporter,
): Promise<Target> {
  const target = await resolveTarget(given, {
    resolver: context.resolver,
    defaultRegion: (profile) => context.defaultRegion(profile),
    warn: (message) => reporter.warn(message),
  });
  const weakness = describeWeakness(target, given.sslmode);
  if (weakness !== undefined) reporter.warn(weakness);
  for (const [field, { value, origin }] of Object.entries(given)) {
    reporter.detail(`${field}: ${value} (${formatOrigin(origin)})`);
  }
  reporter.detail(
    `target: ${target.username} at ${target.host}:${target.port} in ${target.region}`,
  );
  return target;
}
