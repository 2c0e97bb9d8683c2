import type { EngineName } from "../../core/engine/engine.ts";
import { ENGINES } from "../../core/engine/engines.ts";
import { parseEndpoint } from "../../core/target/endpoint.ts";
import type { TargetFields } from "../../core/target/fields.ts";
import {
  applyVerbosity,
  type CommonOptions,
  type Invocation,
} from "../frame/command.ts";
import type { Context } from "../frame/context.ts";
import { SERVICE } from "../target/named_source.ts";
import { formatTable } from "../frame/table.ts";

/** The options of `targets`. */
export interface ListOptions extends CommonOptions {
  config?: string;
}

/** One target as it is listed; nothing is looked up for it. */
interface ListedTarget {
  name: string;
  username?: string;
  host: string;
  port: number;
  database?: string;
  region?: string;
  connect?: string;
  tunnel?: string;
  /** Whether it is meant where none is named. */
  default: boolean;
  file: string;
}

/** Prints the configured targets, and the services that lead to RDS. */
export async function listTargets(
  options: ListOptions,
  invocation: Invocation<
    Pick<Context, "stdout" | "loadConfig" | "loadPgServices">
  >,
): Promise<void> {
  const { context } = invocation;
  const reporter = applyVerbosity(invocation, options);
  const targets = await gatherTargets(options, context);
  if (options.json) {
    return context.stdout.write(`${JSON.stringify(targets)}\n`);
  }
  if (targets.length === 0) {
    return reporter.info(
      "No targets are configured: rdsiam targets add NAME postgres://user@host:port/db makes one",
    );
  }
  context.stdout.write(formatTable([
    [
      "NAME",
      "USER",
      "ENDPOINT",
      "PORT",
      "DATABASE",
      "REGION",
      "VIA",
      "FILE",
    ],
    ...targets.map((target) => [
      target.default ? `${target.name} (default)` : target.name,
      target.username ?? "-",
      target.host,
      `${target.port}`,
      target.database ?? "-",
      target.region ?? "-",
      target.tunnel ?? target.connect ?? "-",
      target.file,
    ]),
  ]));
}

async function gatherTargets(
  { config: file }: ListOptions,
  context: Pick<Context, "loadConfig" | "loadPgServices">,
): Promise<ListedTarget[]> {
  const { targets, defaultTarget } = await context.loadConfig(file);
  const services = (await context.loadPgServices()).filter(({ fields }) =>
    parseEndpoint(fields.host ?? "") !== undefined
  ).map((service) => ({ ...service, name: `${SERVICE}${service.name}` }));
  return [...targets.values(), ...services].map(({ name, fields, file }) => ({
    name,
    ...describe(fields),
    default: name === defaultTarget?.name,
    file,
  }));
}

function describe(fields: TargetFields) {
  const { username, host = "", port, connect, tunnel } = fields;
  // The configuration takes no other engine, and a service names none.
  const engine = (fields.engine ?? "postgres") as EngineName;
  const database = fields.dbname ?? username;
  const region = fields.region ?? parseEndpoint(host)?.region;
  return {
    ...(username !== undefined && { username }),
    host,
    port: Number(port ?? ENGINES[engine].defaultPort),
    ...(database !== undefined && { database }),
    ...(region !== undefined && { region }),
    ...(connect !== undefined && { connect }),
    ...(tunnel !== undefined && { tunnel }),
  };
}
