import type { Given, Origin } from "./origin.ts";
import { chooseSslMode } from "./ssl_strength.ts";

/**
 * A target as its sources spell it: command-line options, a connection URL, the environment and, later, the
 * configuration file all give some of these fields. {@linkcode mergeFields} decides between them.
 */
export interface TargetFields {
  /** Endpoint host name. */
  host?: string;
  /** Port, not yet checked. */
  port?: string;
  /** Database user. */
  username?: string;
  /** Database name. */
  dbname?: string;
  /** Region to sign for. */
  region?: string;
  /** AWS shared-config profile. */
  profile?: string;
  /** Role to assume before signing. */
  roleArn?: string;
  /** Where to dial instead, `ADDR[:PORT]`. */
  connect?: string;
  /** How a private database is reached, as `parseTunnel` reads it. */
  tunnel?: string;
  /** How TLS is verified. */
  sslmode?: string;
  /** File of trusted roots. */
  sslrootcert?: string;
  /** Engine name. */
  engine?: string;
}

/** The name of one field of a target. */
export type TargetField = keyof TargetFields;

/** One place that fields come from. */
export interface FieldSource {
  /** What gave this field. */
  origin: (field: TargetField) => Origin;
  /** The fields it gives. */
  fields: TargetFields;
}

/** The fields that were given by any source, each from the first that has it. */
export type GivenFields = Partial<Record<TargetField, Given>>;

/**
 * Merges sources: the first one that gives a field wins, but for `sslmode`, which {@linkcode chooseSslMode} decides.
 *
 * @param onIgnored hears of each SSL mode that is passed over because it would weaken the verification
 */
export function mergeFields(
  sources: readonly FieldSource[],
  onIgnored: (mode: Given) => void = () => {},
): GivenFields {
  const given: GivenFields = {};
  const modes: Given[] = [];
  for (const source of sources) {
    for (const [name, value] of Object.entries(source.fields)) {
      const field = name as TargetField;
      if (typeof value !== "string") continue;
      const one = { value, origin: source.origin(field) };
      if (field === "sslmode") modes.push(one);
      else given[field] ??= one;
    }
  }
  const { chosen, ignored } = chooseSslMode(modes);
  ignored.forEach(onIgnored);
  return { ...given, ...(chosen !== undefined && { sslmode: chosen }) };
}

const ENVIRONMENT: Partial<Record<TargetField, string>> = {
  host: "PGHOST",
  port: "PGPORT",
  username: "PGUSER",
  dbname: "PGDATABASE",
  connect: "PGHOSTADDR",
  sslmode: "PGSSLMODE",
  sslrootcert: "PGSSLROOTCERT",
  tunnel: "RDSIAM_TUNNEL",
};

/** Those that mean something whatever the engine. */
const OF_ANY_ENGINE = ["RDSIAM_TUNNEL"];

/**
 * The fields that libpq's environment variables and `RDSIAM_TUNNEL` give; an empty variable counts as unset, as in libpq.
 * For another engine than PostgreSQL, libpq's variables mean nothing.
 */
export function environmentSource(
  environment: Readonly<Record<string, string | undefined>>,
  engine = "postgres",
): FieldSource {
  const entries = Object.entries(ENVIRONMENT)
    .filter(([, variable]) =>
      engine === "postgres" || OF_ANY_ENGINE.includes(variable)
    )
    .map(([field, variable]) => [field, environment[variable]])
    .filter(([, value]) => value !== undefined && value !== "");
  return {
    origin: (field) => ({
      kind: "environment",
      variable: ENVIRONMENT[field] ?? field,
    }),
    fields: Object.fromEntries(entries),
  };
}
