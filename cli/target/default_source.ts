import type { Config } from "../../core/config/config.ts";
import { RdsiamError } from "../../core/errors.ts";
import { parseDatabaseUrl } from "../../core/target/database_url.ts";
import type { Context } from "../frame/context.ts";
import { configuredSource, type NamedSource } from "./named_source.ts";
import type { Reporter } from "../frame/output.ts";

/** The most targets that a hint names. */
const MOST_NAMED = 5;

/**
 * What stands in where nothing names a host: the configuration's default target, else what `DATABASE_URL` leads to.
 *
 * @param file the configuration file that was named
 * @throws {RdsiamError} `usage`, when the configuration has targets and none of them is the default
 */
export async function defaultSource(
  file: string | undefined,
  context: Pick<Context, "environment" | "loadConfig">,
  reporter: Reporter,
): Promise<NamedSource | undefined> {
  const config = await context.loadConfig(file);
  const { defaultTarget } = config;
  if (defaultTarget === undefined) {
    return databaseUrlSource(context, reporter) ?? noneNamed(config);
  }
  const { name } = defaultTarget;
  const configured = config.targets.get(name);
  if (configured !== undefined) return configuredSource(configured);
  throw new RdsiamError(
    "usage",
    `Target "${name}" is not known, which is the default_target of "${defaultTarget.file}"`,
    { hint: "rdsiam targets lists the configured ones" },
  );
}

function databaseUrlSource(
  { environment }: Pick<Context, "environment">,
  reporter: Reporter,
): NamedSource | undefined {
  const url = parseDatabaseUrl(environment.DATABASE_URL ?? "");
  if (url === undefined) return undefined;
  if (url.hasPassword) {
    reporter.info(
      "note: The password in DATABASE_URL is not used: rdsiam logs in with a token",
    );
  }
  return {
    source: {
      origin: () => ({ kind: "url", place: "DATABASE_URL" }),
      fields: url.fields,
    },
  };
}

/** Says which names there are, where there are any. */
function noneNamed({ targets }: Config): undefined {
  if (targets.size === 0) return undefined;
  throw new RdsiamError("usage", "No database is named", {
    hint: targets.size > MOST_NAMED
      ? "Name a target: rdsiam targets lists the configured ones"
      : `Name a target: ${[...targets.keys()].join(", ")}`,
  });
}
