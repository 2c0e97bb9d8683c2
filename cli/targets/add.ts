import { resolve } from "node:path";
import type { AdminSettings } from "../../core/config/config.ts";
import { TARGET_NAME } from "../../core/config/definition.ts";
import { RdsiamError } from "../../core/errors.ts";
import { parseConnectionUrl } from "../../core/target/connection_url.ts";
import {
  type GivenFields,
  mergeFields,
  type TargetField,
  type TargetFields,
} from "../../core/target/fields.ts";
import {
  applyVerbosity,
  type CommonOptions,
  type Invocation,
} from "../frame/command.ts";
import type { Context } from "../frame/context.ts";
import { optionsSource } from "../target/gather_fields.ts";
import type { Reporter } from "../frame/output.ts";
import { resolveFields } from "../target/read_target.ts";
import type { TargetOptions } from "../target/target_options.ts";
import { homeFolder } from "../../adapters/config/config_paths.ts";

/** What a target is added with. */
type AddContext = Pick<
  Context,
  | "stdout"
  | "files"
  | "configPath"
  | "loadConfig"
  | "resolver"
  | "defaultRegion"
>;

/** The options of `targets add`. */
export interface AddOptions extends TargetOptions, CommonOptions {
  adminUsername?: string;
  adminIam?: boolean;
}

/** Adds a target to the configuration file. */
export async function runAdd(
  name: string,
  url: string | undefined,
  options: AddOptions,
  invocation: Invocation<AddContext>,
): Promise<void> {
  const { context } = invocation;
  const reporter = applyVerbosity(invocation, options);
  checkName(name);
  const given = mergeFields([
    optionsSource(options),
    {
      origin: () => ({ kind: "url", place: "argument" }),
      fields: url === undefined ? {} : parseConnectionUrl(url),
    },
  ]);
  await check(given, context, reporter);
  const target = { name, fields: fieldsOf(given), ...adminOf(options) };
  const path = await context.configPath(options.config);
  const { addTargets } = await import("../../core/config/edit.ts");
  const home = homeFolder(context.environment);
  await (await context.files()).update(
    path,
    (text) => addTargets(text, [target], { file: path, home }),
    { isSecret: false },
  );
  if (options.json) {
    context.stdout.write(`${JSON.stringify({ name, file: path })}\n`);
  }
  reporter.info(`Added target "${name}" to "${path}"`);
  const { targets } = await context.loadConfig(options.config);
  const nearer = targets.get(name)?.file;
  if (nearer !== undefined && nearer !== path) {
    reporter.warn(`Target "${name}" of "${nearer}" takes precedence`);
  }
}

function checkName(name: string) {
  if (new RegExp(TARGET_NAME).test(name)) return;
  // It may be a URL with a password: it is not repeated.
  throw new RdsiamError("usage", "The name of the target is not valid", {
    hint: "Use letters, digits and _, and after the first of them . @ - too",
  });
}

/** Refuses what could never be connected to. Without a name server it is added unchecked. */
async function check(
  given: GivenFields,
  context: Pick<Context, "resolver" | "defaultRegion">,
  reporter: Reporter,
) {
  if (given.host === undefined) {
    throw new RdsiamError("usage", "Host is missing", {
      hint: "Pass --host, or a postgres://user@host:port/db URL",
    });
  }
  const username = given.username ?? {
    value: "app",
    origin: { kind: "implied", what: "default" } as const,
  };
  try {
    await resolveFields({ ...given, username }, context, reporter);
  } catch (error) {
    if (!(error instanceof RdsiamError) || error.kind !== "unreachable") {
      throw error;
    }
    reporter.warn(`${error.message}; the host is not checked`);
  }
}

function fieldsOf(given: GivenFields): TargetFields {
  const fields: TargetFields = {};
  for (const [field, { value }] of Object.entries(given)) {
    fields[field as TargetField] = value;
  }
  const { sslrootcert, engine } = fields;
  if (sslrootcert !== undefined && sslrootcert !== "system") {
    fields.sslrootcert = resolve(sslrootcert);
  }
  if (engine === "postgres") delete fields.engine; // the default
  return fields;
}

function adminOf(
  { adminUsername, adminIam }: AddOptions,
): { admin?: AdminSettings } {
  if (adminUsername === undefined && !adminIam) return {};
  return {
    admin: {
      ...(adminUsername !== undefined && { username: adminUsername }),
      ...(adminIam && { auth: "iam" }),
    },
  };
}
