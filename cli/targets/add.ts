import type { Command } from "commander";
import { resolve } from "node:path";
import type { AdminSettings } from "../../core/config/config.ts";
import {
  TARGET_KEYS,
  TARGET_NAME,
  TARGET_SHAPE,
} from "../../core/config/definition.ts";
import { RdsiamError } from "../../core/errors.ts";
import { parseConnectionUrl } from "../../core/target/connection_url.ts";
import {
  type GivenFields,
  mergeFields,
  type TargetField,
  type TargetFields,
} from "../../core/target/fields.ts";
import { FLAGS, SHORT_FLAGS } from "../../core/target/flags.ts";
import {
  addCommonOptions,
  addExamples,
  applyVerbosity,
  type CommonOptions,
  type Invocation,
} from "../frame/command.ts";
import type { Context } from "../frame/context.ts";
import { optionsSource } from "../target/gather_fields.ts";
import type { Reporter } from "../frame/output.ts";
import {
  addConfigOption,
  offerFieldValues,
  resolveFields,
} from "../target/target_options.ts";
import type { TargetOptions } from "../target/gather_fields.ts";
import { homeFolder } from "../../adapters/config/config_paths.ts";

interface AddOptions extends TargetOptions, CommonOptions {
  adminUsername?: string;
  adminIam?: boolean;
}

/** Declares `targets add`. */
export function declareAdd(command: Command, invocation: Invocation): void {
  command.description("give a database a name, in the configuration file")
    .argument("<name>", "what to call it")
    .argument("[url]", "postgres://user@host:port/db; the options override it");
  for (const [name, key] of Object.entries(TARGET_KEYS)) {
    const field = name as TargetField;
    const short = SHORT_FLAGS[field];
    command.option(
      `${short === undefined ? "" : `${short}, `}${FLAGS[field]} <${key}>`,
      TARGET_SHAPE.keys[key].about,
    );
  }
  offerFieldValues(command)
    .option("--admin-username <name>", "who setup-db and grant log in as")
    .option("--admin-iam", "the administrator logs in with a token");
  addCommonOptions(addConfigOption(command));
  addExamples(command, [
    "rdsiam targets add orders postgres://app@orders.abc.eu-west-1.rds.amazonaws.com/orders",
    "rdsiam targets add audit -h audit.abc.eu-west-1.rds.amazonaws.com -U auditor --profile prod",
  ]).action((name: string, url: string | undefined) =>
    run(name, url, command.optsWithGlobals(), invocation)
  );
}

async function run(
  name: string,
  url: string | undefined,
  options: AddOptions,
  invocation: Invocation,
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
    reporter.warn(`Target "${name}" of "${nearer}" is nearer and goes first`);
  }
}

function checkName(name: string) {
  if (new RegExp(TARGET_NAME).test(name)) return;
  // It may be a URL with a password: it is not repeated.
  throw new RdsiamError("usage", "Name of the target cannot be used", {
    hint: "Use letters, digits and _, and after the first of them . @ - too",
  });
}

/** Refuses what could never be connected to. Without a name server it is added unchecked. */
async function check(given: GivenFields, context: Context, reporter: Reporter) {
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
