import { resolve } from "node:path";
import {
  environmentSource,
  type FieldSource,
  formatOrigin,
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

/** What fields are gathered from. */
export type FieldsContext = Pick<
  Context,
  "environment" | "loadConfig" | "loadPgServices"
>;

/** What names a target. */
export interface TargetRequest {
  /** `[target]`. */
  name?: string | undefined;
  options: TargetOptions;
  /** What further options of the command give; weaker than `[target]`. */
  further?: readonly FieldSource[];
  /** Whether it is only signed for: how its server is verified is nobody's business then. */
  signsOnly?: boolean;
}

/** What is known of a target before anything is looked up. */
export interface Gathered extends Omit<NamedSource, "source"> {
  /** The fields that were given. */
  given: GivenFields;
}

/** What names a target outright. */
interface Explicit {
  /** In the order of their strength. */
  sources: readonly FieldSource[];
  /** Which of them has a name of its own. */
  meant: NamedSource | undefined;
  /** Whether a target or a URL is named, which is complete in itself: libpq's variables are not read then. */
  isComplete: boolean;
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
  context: FieldsContext,
  reporter: Reporter,
): Promise<Gathered> {
  const explicit = await findExplicit(request, context, reporter);
  if (explicit.isComplete || namesHost(explicit.sources, context)) {
    return gathered(explicit, undefined, request, context, reporter);
  }
  const { defaultSource } = await import("./default_source.ts");
  const fallback = await defaultSource(
    request.options.config,
    context,
    reporter,
  );
  return gathered(explicit, fallback, request, context, reporter);
}

/**
 * The same, where something names a target.
 *
 * @returns `undefined`, where only a default could be meant
 */
export async function gatherNamed(
  request: TargetRequest,
  context: FieldsContext,
  reporter: Reporter,
): Promise<Gathered | undefined> {
  const explicit = await findExplicit(request, context, reporter);
  return explicit.isComplete || namesHost(explicit.sources, context)
    ? gathered(explicit, undefined, request, context, reporter)
    : undefined;
}

async function findExplicit(
  request: TargetRequest,
  context: FieldsContext,
  reporter: Reporter,
): Promise<Explicit> {
  const { options, further = [] } = request;
  const { PGSERVICE } = context.environment;
  // A file that is named must be there and right, even where nothing of it is needed.
  if (options.config !== undefined) {
    await context.loadConfig(options.config, request.name ?? "");
  }
  const named = await readName(request, context, reporter);
  const sources = [
    optionsSource(options),
    ...(named ? [named.source] : []),
    ...further,
  ];
  const isComplete = named !== undefined || further.some(hasHost);
  if (isComplete || !PGSERVICE || sources.some(hasHost)) {
    return { sources, meant: named, isComplete };
  }
  // As in libpq, a service's settings win over the environment's others.
  const { serviceSource } = await import("./named_source.ts");
  const service = await serviceSource(PGSERVICE, context, reporter);
  return {
    sources: [...sources, service.source],
    meant: service,
    isComplete,
  };
}

function gathered(
  { sources, meant, isComplete }: Explicit,
  fallback: NamedSource | undefined,
  { signsOnly }: TargetRequest,
  { environment }: Pick<Context, "environment">,
  reporter: Reporter,
): Gathered {
  const engine = mergeFields(sources).engine?.value ??
    fallback?.source.fields.engine;
  const libpq = environmentSource(environment, engine);
  // RDSIAM_TUNNEL is of the network, so that a target's own knows better. AWS_PROFILE is no field: environment keys beat it.
  const { tunnel, ...connection } = libpq.fields;
  const ambient = tunnel === undefined ? {} : { tunnel };
  const given = mergeFields([
    ...sources,
    ...(isComplete ? [] : [{ ...libpq, fields: connection }]),
    ...(fallback ? [fallback.source] : []),
    { ...libpq, fields: ambient },
  ], ({ value, origin }) => {
    if (signsOnly) return;
    reporter.warn(
      `SSL mode "${value}" of ${
        formatOrigin(origin)
      } is ignored, since it would weaken the verification: only --sslmode, a URL or the configuration may do that`,
    );
  });
  // What is typed is checked all the same.
  if (signsOnly && given.sslmode?.origin.kind !== "flag") delete given.sslmode;
  // What is written of it into files is read from other folders.
  const roots = given.sslrootcert;
  if (roots !== undefined && roots.value !== "system") {
    given.sslrootcert = { ...roots, value: resolve(roots.value) };
  }
  const { source: _, ...name } = meant ?? fallback ?? {};
  return { ...name, given };
}

/** What the options give. */
export function optionsSource(options: TargetOptions): FieldSource {
  const fields: TargetFields = {};
  for (const field of Object.keys(FLAGS) as TargetField[]) {
    const value = options[field];
    if (value !== undefined) fields[field] = value;
  }
  return { origin: (field) => ({ kind: "flag", flag: FLAGS[field] }), fields };
}

function namesHost(
  sources: readonly FieldSource[],
  { environment }: Pick<Context, "environment">,
): boolean {
  const engine = mergeFields(sources).engine?.value;
  return sources.some(hasHost) ||
    hasHost(environmentSource(environment, engine));
}

function hasHost({ fields }: FieldSource): boolean {
  return fields.host !== undefined;
}

async function readName(
  { name, options }: TargetRequest,
  context: FieldsContext,
  reporter: Reporter,
): Promise<NamedSource | undefined> {
  const text = name ?? (context.environment.RDSIAM_TARGET || undefined);
  if (text === undefined) return undefined;
  // Not loaded where options or the environment say it all: most calls of `token` are for their speed.
  const { namedSource } = await import("./named_source.ts");
  return await namedSource(
    text,
    {
      place: name === undefined ? "RDSIAM_TARGET" : "argument",
      config: options.config,
    },
    context,
    reporter,
  );
}
