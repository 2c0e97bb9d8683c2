import {
  environmentSource,
  type FieldSource,
  type GivenFields,
  mergeFields,
  type TargetField,
  type TargetFields,
} from "../../core/target/fields.ts";
import { FLAGS } from "../../core/target/flags.ts";
import type { Context } from "../frame/context.ts";
import type { NamedSource } from "./named_source.ts";
import type { Reporter } from "../frame/output.ts";
import type { TargetOptions } from "./target_options.ts";

/** What names a target. */
export interface TargetRequest {
  /** `[target]`. */
  name?: string | undefined;
  options: TargetOptions;
  /** What further options of the command give; weaker than `[target]`. */
  further?: readonly FieldSource[];
  /** Whether nothing stands in where no host is named. */
  withoutDefault?: true;
}

/** What is known of a target before anything is looked up. */
export interface Gathered extends Omit<NamedSource, "source"> {
  /** The fields that were given. */
  given: GivenFields;
}

/**
 * What the options, `[target]`, `RDSIAM_TARGET`, further options of a command, and libpq's environment give. Where none of
 * them names a host, the configuration's default target is meant, else what `DATABASE_URL` leads to. No file is read that
 * is not needed.
 *
 * @throws {RdsiamError} `usage`, when a name is not known or the configuration cannot be understood
 */
export async function gatherFields(
  request: TargetRequest,
  context: Context,
  reporter: Reporter,
): Promise<Gathered> {
  const { options, further = [] } = request;
  const { environment } = context;
  // A file that is named must be there and right, even where nothing of it is needed.
  if (options.config !== undefined) await context.loadConfig(options.config);
  const named = await readName(request, context, reporter);
  const strong = [
    optionsSource(options),
    ...(named ? [named.source] : []),
    ...further,
  ];
  // As in libpq, a service's settings win over the environment's others.
  const service = environment.PGSERVICE && !namesHost(strong)
    ? await (await import("./named_source.ts"))
      .serviceSource(environment.PGSERVICE, context, reporter)
    : undefined;
  const explicit = [...strong, ...(service ? [service.source] : [])];
  const engine = mergeFields(explicit).engine?.value;
  const namesNone = !namesHost(explicit) &&
    !namesHost([environmentSource(environment, engine)]);
  const fallback = namesNone && !request.withoutDefault
    ? await (await import("./default_source.ts"))
      .defaultSource(options.config, context, reporter)
    : undefined;
  const libpq = environmentSource(
    environment,
    engine ?? fallback?.source.fields.engine,
  );
  // AWS_PROFILE is of all of AWS, so that a default target's own profile knows better.
  const { profile, ...libpqFields } = libpq.fields;
  const { source: _, ...meant } = named ?? service ?? fallback ?? {};
  return {
    ...meant,
    given: mergeFields([
      ...explicit,
      { ...libpq, fields: libpqFields },
      ...(fallback ? [fallback.source] : []),
      { ...libpq, fields: profile === undefined ? {} : { profile } },
    ]),
  };
}

/** What the options give. */
export function optionsSource(options: TargetOptions): FieldSource {
  const fields: TargetFields = {};
  for (const field of Object.keys(FLAGS) as TargetField[]) {
    const value = options[field];
    if (value !== undefined) fields[field] = value;
  }
  return { origin: (field) => FLAGS[field], fields };
}

function namesHost(sources: readonly FieldSource[]): boolean {
  return sources.some(({ fields }) => fields.host !== undefined);
}

async function readName(
  { name, options }: TargetRequest,
  context: Context,
  reporter: Reporter,
): Promise<NamedSource | undefined> {
  const text = name ?? (context.environment.RDSIAM_TARGET || undefined);
  if (text === undefined) return undefined;
  // Not loaded where options or the environment say it all: most calls of `token` are for their speed.
  const { namedSource } = await import("./named_source.ts");
  return await namedSource(
    text,
    {
      origin: name === undefined ? "RDSIAM_TARGET" : "connection URL",
      config: options.config,
    },
    context,
    reporter,
  );
}
