import { SSL_MODES, type SslMode } from "../engine/login_target.ts";
import type { Target } from "./target.ts";

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

/** Where a connection URL can stand. */
export type UrlPlace =
  | "argument"
  | "RDSIAM_TARGET"
  | "--admin-url"
  | "DATABASE_URL";

/** What gave a value. Code decides by its kind; {@linkcode formatOrigin} is for people. */
export type Origin =
  /** An option of the command line, such as `--host`. */
  | { kind: "flag"; flag: string }
  /** A variable of the environment, such as `PGHOST`. */
  | { kind: "environment"; variable: string }
  /** A connection URL. */
  | { kind: "url"; place: UrlPlace }
  /** A key of a target in rdsiam's configuration file. */
  | { kind: "config"; target: string; key: string; file: string }
  /** A setting of a section in libpq's service file. */
  | { kind: "service"; service: string; setting: string; file: string }
  /** Nobody: rdsiam puts it there; `what` says it for people. */
  | { kind: "implied"; what: string };

/** A value and what gave it. */
export interface Given {
  /** The value as given. */
  value: string;
  /** What gave it. */
  origin: Origin;
}

/** Names an origin in messages: `--host`, `PGHOST`, `targets.orders.host in "/home/me/rdsiam.toml"`. */
export function formatOrigin(origin: Origin): string {
  switch (origin.kind) {
    case "flag":
      return origin.flag;
    case "environment":
      return origin.variable;
    case "url":
      return origin.place === "argument" ? "connection URL" : origin.place;
    case "config":
      return `targets.${origin.target}.${origin.key} in "${origin.file}"`;
    case "service":
      return `${origin.setting} of service "${origin.service}" in "${origin.file}"`;
    case "implied":
      return origin.what;
  }
}

/** Whether the value was typed on the command line itself, as an option or in one's URL. */
export function isTyped(origin: Origin): boolean {
  return origin.kind === "flag" ||
    origin.kind === "url" && origin.place === "--admin-url";
}

/**
 * Whether the value was set for libpq's programs at large, rather than said to rdsiam of one database: such a setting
 * may ask for more verification, never for less.
 */
export function isAmbient(origin: Origin): boolean {
  return origin.kind === "environment" || origin.kind === "service";
}

/** The mode where nothing is said. */
export const DEFAULT_SSL_MODE: SslMode = "verify-full";

/** What became of the SSL modes that several sources gave. */
export interface SslChoice {
  /** The one that counts; `undefined` for {@linkcode DEFAULT_SSL_MODE}. */
  chosen: Given | undefined;
  /** Those that are passed over because they would weaken the verification. */
  ignored: readonly Given[];
}

/**
 * Chooses among SSL modes: the first one wins that was said to rdsiam, by an option, a URL or its configuration. What is
 * set for libpq's programs at large, before it or where nothing was said, counts only where it is stronger.
 *
 * @param modes in the order of their sources, the one that wins over the others first; not yet checked
 */
export function chooseSslMode(modes: readonly Given[]): SslChoice {
  const said = modes.find(({ origin }) => !isAmbient(origin));
  const before = said === undefined
    ? modes
    : modes.slice(0, modes.indexOf(said));
  let chosen = said;
  const ignored: Given[] = [];
  for (const mode of before) {
    const needed = strength(chosen?.value ?? DEFAULT_SSL_MODE);
    const has = strength(mode.value);
    if (has < needed) ignored.push(mode);
    else if (has > needed || chosen === undefined) chosen = mode;
  }
  return { chosen, ignored };
}

/** How much a mode verifies; -1 for what lets a login go out in clear, or is none at all. */
function strength(mode: string): number {
  return SSL_MODES.findIndex((known) => known === mode);
}

/**
 * What of a target's server is not verified, in a sentence; `undefined` where all is.
 *
 * @param given what gave the mode
 */
export function describeWeakness(
  { host, sslmode, sslrootcert }: Pick<
    Target,
    "host" | "sslmode" | "sslrootcert"
  >,
  given: Given | undefined,
): string | undefined {
  if (sslmode === "verify-full") return undefined;
  const by = given === undefined ? "" : ` of ${formatOrigin(given.origin)}`;
  return sslmode === "require" && sslrootcert === undefined
    ? `Server "${host}" is not verified (sslmode ${sslmode}${by}): whoever controls the network can take its place`
    : `The name of server "${host}" is not checked (sslmode ${sslmode}${by}): another server of the same authorities can take its place`;
}
