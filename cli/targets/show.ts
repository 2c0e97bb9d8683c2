import { formatAddress } from "../../core/target/address.ts";
import {
  formatOrigin,
  type GivenFields,
  type TargetField,
} from "../../core/target/fields.ts";
import { type Target, targetName } from "../../core/target/target.ts";
import { formatTunnel } from "../../core/target/tunnel_spec.ts";
import { parseEndpoint } from "../../core/target/endpoint.ts";
import { applyVerbosity, type Invocation } from "../frame/command.ts";
import type { Context } from "../frame/context.ts";
import { gatherFields } from "../target/gather_fields.ts";
import { formatTable } from "../frame/table.ts";
import { resolveFields, type TargetContext } from "../target/read_target.ts";
import type { ListOptions } from "./list.ts";

/** A field, its value and what gave it. */
interface ShownField {
  value: string;
  origin: string;
}

/** Prints every field of a target, and what gave it. */
export async function showTarget(
  name: string | undefined,
  options: ListOptions,
  invocation: Invocation<TargetContext & Pick<Context, "stdout">>,
): Promise<void> {
  const { context } = invocation;
  const reporter = applyVerbosity(invocation, options);
  const { config } = options;
  const gathered = await gatherFields(
    { name, options: config === undefined ? {} : { config } },
    context,
    reporter,
  );
  const { given, configured } = gathered;
  const target = await resolveFields(given, context, reporter);
  const shown = {
    name: { value: gathered.name ?? targetName(target), origin: "" },
    ...describe(target, given),
  };
  const admin = configured?.admin;
  if (options.json) {
    const entries = Object.entries(shown);
    const document = {
      ...Object.fromEntries(entries.map(([key, { value }]) => [key, value])),
      port: target.port,
      ...(admin && { admin }),
      origins: Object.fromEntries(
        entries.slice(1).map(([key, { origin }]) => [key, origin]),
      ),
    };
    return context.stdout.write(`${JSON.stringify(document)}\n`);
  }
  const rows = Object.entries(shown).map(([key, { value, origin }]) => [
    key,
    value,
    origin,
  ]);
  if (admin !== undefined) {
    const { username = "-", auth = "password" } = admin;
    const origin = `targets.${configured?.name}.admin in "${configured?.file}"`;
    rows.push(["admin", `${username}, by ${auth}`, origin]);
  }
  context.stdout.write(formatTable(rows));
}

function describe(
  target: Target,
  given: GivenFields,
): Record<string, ShownField> {
  const { engine, host, connect } = target;
  const shown: Record<string, ShownField> = {};
  function show(
    key: string,
    value: string | undefined,
    field: TargetField,
    standard: string,
  ) {
    if (value === undefined) return;
    const origin = given[field]?.origin;
    shown[key] = { value, origin: origin ? formatOrigin(origin) : standard };
  }
  show("host", host, "host", "");
  const hostGiven = given.host?.value.toLowerCase().replace(/\.$/, "");
  if (shown.host !== undefined && hostGiven !== host) {
    shown.host.origin += `, through the alias ${hostGiven}`;
  }
  show("port", `${target.port}`, "port", `default of ${engine}`);
  show("username", target.username, "username", "");
  show("database", target.database, "dbname", "default: the user name");
  show(
    "region",
    target.region,
    "region",
    parseEndpoint(host)?.region === undefined
      ? "the AWS environment"
      : "the endpoint's name",
  );
  show("profile", target.profile, "profile", "");
  show("role_arn", target.roleArn, "roleArn", "");
  show(
    "connect",
    connect && formatAddress(connect.host, connect.port),
    "connect",
    "",
  );
  show(
    "tunnel",
    target.tunnel && formatTunnel(target.tunnel),
    "tunnel",
    "",
  );
  show("sslmode", target.sslmode, "sslmode", "default");
  show("sslrootcert", target.sslrootcert, "sslrootcert", "");
  show("engine", engine, "engine", "default");
  return shown;
}
