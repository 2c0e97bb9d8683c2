import type { Command } from "commander";
import { RdsiamError } from "../core/errors.ts";
import {
  isConnectionUrl,
  parseConnectionUrl,
} from "../core/target/connection_url.ts";
import { parseEndpoint } from "../core/target/endpoint.ts";
import {
  environmentSource,
  type FieldSource,
  type GivenFields,
  mergeFields,
  type TargetFields,
} from "../core/target/fields.ts";
import type { Target } from "../core/target/target.ts";
import { resolveTarget } from "../services/resolve_target.ts";
import type { Context } from "./context.ts";
import type { Reporter } from "./output.ts";

/** The options that say which database. */
export type TargetOptions = TargetFields;

const FLAGS: Record<keyof TargetFields, string> = {
  host: "--host",
  port: "--port",
  username: "--username",
  dbname: "--dbname",
  region: "--region",
  profile: "--profile",
  roleArn: "--role-arn",
  connect: "--connect",
  sslmode: "--sslmode",
  sslrootcert: "--sslrootcert",
  engine: "--engine",
};

/** Adds `[target]` and the options that say which database. */
export function addTargetOptions(command: Command): Command {
  return command
    .argument(
      "[target]",
      "postgres://user@host:port/db URL (env: RDSIAM_TARGET)",
    )
    .option("-h, --host <host>", "endpoint host name (env: PGHOST)")
    .option(
      "-p, --port <port>",
      "endpoint port, default 5432, mysql 3306 (env: PGPORT)",
    )
    .option(
      "-U, --username <name>",
      "database user that logs in with IAM (env: PGUSER)",
    )
    .option(
      "-d, --dbname <name>",
      "database, default the user name (env: PGDATABASE)",
    )
    .option(
      "--region <region>",
      "region to sign for, default the endpoint's (env: AWS_REGION)",
    )
    .option("--profile <name>", "AWS shared-config profile (env: AWS_PROFILE)")
    .option("--role-arn <arn>", "role to assume before signing")
    .option(
      "--connect <addr[:port]>",
      "dial this instead, such as the near end of a tunnel (env: PGHOSTADDR)",
    )
    .option(
      "--sslmode <mode>",
      "require, verify-ca or verify-full, default verify-full (env: PGSSLMODE)",
    )
    .option(
      "--sslrootcert <file>",
      "trusted roots, default the AWS RDS bundle within rdsiam (env: PGSSLROOTCERT)",
    )
    .option("--engine <name>", "postgres (default), mysql or mariadb");
}

/**
 * The target that the options, `[target]`, `RDSIAM_TARGET` and the environment name, in this order.
 *
 * @throws {RdsiamError} as {@linkcode resolveTarget} does
 */
export async function readTarget(
  name: string | undefined,
  options: TargetOptions,
  context: Context,
  reporter: Reporter,
): Promise<Target> {
  const given = gatherFields(name, options, context.environment);
  return await resolveFields(given, context, reporter);
}

/**
 * The target that given fields name; what came from where is told to those who ask for it.
 *
 * @throws {RdsiamError} as {@linkcode resolveTarget} does
 */
export async function resolveFields(
  given: GivenFields,
  context: Context,
  reporter: Reporter,
): Promise<Target> {
  const target = await resolveTarget(given, {
    resolver: context.resolver,
    defaultRegion: (profile) => context.defaultRegion(profile),
    warn: (message) => reporter.warn(message),
  });
  for (const [field, { value, origin }] of Object.entries(given)) {
    reporter.detail(`${field}: ${value} (${origin})`);
  }
  reporter.detail(
    `target: ${target.username} at ${target.host}:${target.port} in ${target.region}`,
  );
  return target;
}

/**
 * What the options, `[target]`, `RDSIAM_TARGET`, then further options of a command, and the environment give.
 *
 * @throws {RdsiamError} `usage`, when `[target]` is not known
 */
export function gatherFields(
  name: string | undefined,
  options: TargetOptions,
  environment: Readonly<Record<string, string | undefined>>,
  further: readonly FieldSource[] = [],
): GivenFields {
  const fields: TargetFields = {};
  for (const field of Object.keys(FLAGS) as (keyof TargetFields)[]) {
    const value = options[field];
    if (value !== undefined) fields[field] = value;
  }
  const fromName = name !== undefined
    ? namedSource(name, "connection URL")
    : environment.RDSIAM_TARGET
    ? namedSource(environment.RDSIAM_TARGET, "RDSIAM_TARGET")
    : undefined;
  const sources = [
    { origin: (field: keyof TargetFields) => FLAGS[field], fields },
    ...(fromName ? [fromName] : []),
    ...further,
  ];
  const engine = mergeFields(sources).engine?.value;
  return mergeFields([...sources, environmentSource(environment, engine)]);
}

/** What a `[target]` names: a connection URL; names of the configuration file will follow here. */
function namedSource(name: string, origin: string): FieldSource {
  if (isConnectionUrl(name)) {
    return { origin: () => origin, fields: parseConnectionUrl(name) };
  }
  // What looks like no name may hold a password: it is not repeated.
  const target = /^[\w.-]+$/.test(name) ? `Target "${name}"` : "Target";
  throw new RdsiamError("usage", `${target} is not known`, {
    hint: parseEndpoint(name) !== undefined
      ? `Pass a host name as --host ${name}`
      : "Pass a postgres://user@host:port/db URL, or --host and --username",
  });
}
