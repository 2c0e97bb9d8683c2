import type { Engine, EngineName } from "../engine/engine.ts";
import { ENGINE_NAMES, ENGINES } from "../engine/engines.ts";
import { RdsiamError } from "../errors.ts";
import { readChoice } from "../text/choice.ts";
import { type Address, parseAddress, parsePort } from "./address.ts";
import type { Endpoint } from "./endpoint.ts";
import {
  DEFAULT_SSL_MODE,
  formatOrigin,
  type Given,
  type GivenFields,
} from "./fields.ts";
import { parseTunnel } from "./tunnel_spec.ts";
import { SSL_MODES, type SslMode } from "../engine/login_target.ts";
import type { Target } from "./target.ts";

/** What a target is but for its region, which may have to be looked up. */
export type RegionlessTarget = Omit<Target, "region">;

/**
 * Checks the given fields and makes a target of them, all but its region.
 *
 * @param endpoint the endpoint that the host field leads to
 * @throws {RdsiamError} `usage`, naming the field that is missing or wrong
 */
export function checkFields(
  given: GivenFields,
  endpoint: Endpoint,
): RegionlessTarget {
  if (endpoint.kind === "custom") {
    throw new RdsiamError(
      "usage",
      `Custom endpoint "${endpoint.host}" cannot be used: no token is valid for an Aurora custom endpoint`,
      { hint: "Use the cluster's writer, reader or instance endpoint" },
    );
  }
  const engine = readEngine(given.engine);
  const { defaultPort, maxUsername, defaultDatabase } = ENGINES[engine];
  const port = given.port === undefined
    ? defaultPort
    : parsePort(given.port.value, formatOrigin(given.port.origin));
  const username = readUsername(given, maxUsername);
  const connect = given.connect &&
    parseAddress(given.connect.value, formatOrigin(given.connect.origin));
  return {
    engine,
    host: endpoint.host,
    port,
    username,
    database: readName(given.dbname, "Database name") ??
      defaultDatabase(username),
    sslmode: readSslMode(given.sslmode),
    ...(connect && { connect: withPort(connect, port) }),
    ...(given.tunnel && {
      tunnel: parseTunnel(
        given.tunnel.value,
        formatOrigin(given.tunnel.origin),
      ),
    }),
    ...optional("profile", given.profile),
    ...optional("roleArn", given.roleArn),
    ...optional("sslrootcert", given.sslrootcert),
  };
}

function withPort(address: Address, port: number) {
  return { host: address.host, port: address.port ?? port };
}

function optional<Key extends string>(
  key: Key,
  given: Given | undefined,
): { [K in Key]?: string } {
  return given === undefined
    ? {}
    : { [key]: given.value } as { [K in Key]?: string };
}

function readEngine(given: Given | undefined): EngineName {
  return given === undefined
    ? "postgres"
    : readChoice(given.value, ENGINE_NAMES, "Engine");
}

function readSslMode(given: Given | undefined): SslMode {
  if (given === undefined) return DEFAULT_SSL_MODE;
  const mode = SSL_MODES.find((mode) => mode === given.value);
  if (mode !== undefined) return mode;
  const why = ["disable", "allow", "prefer"].includes(given.value)
    ? "a token could be sent unencrypted"
    : "no such mode";
  throw new RdsiamError(
    "usage",
    `SSL mode "${given.value}" of ${
      formatOrigin(given.origin)
    } cannot be used: ${why}`,
    { hint: `Use ${SSL_MODES.join(", ")}` },
  );
}

function readUsername(
  { username: given, host }: GivenFields,
  { length, unit }: Engine["maxUsername"],
): string {
  const username = readName(given, "Username");
  if (username === undefined) {
    throw missingUsername(host);
  }
  const counted = unit === "bytes"
    ? new TextEncoder().encode(username).length
    : [...username].length;
  if (counted > length) {
    throw new RdsiamError(
      "usage",
      `Username "${username}" is too long: ${counted} ${unit}, where the database keeps ${length}`,
      { hint: `Use the role's name as the database has it` },
    );
  }
  return username;
}

/** Says where the user is to be named: beside a host that stands in a file or a URL, PGUSER is not read. */
function missingUsername(host: Given | undefined): RdsiamError {
  const origin = host?.origin;
  if (origin?.kind === "config" || origin?.kind === "service") {
    return new RdsiamError(
      "usage",
      `Username is missing beside ${formatOrigin(origin)}`,
      { hint: "Name the database user there, or with --username, -U" },
    );
  }
  const where = origin?.kind === "url"
    ? "in the URL, or with --username, -U"
    : "with --username, -U or PGUSER";
  return new RdsiamError("usage", "Username is missing", {
    hint: `Name the database user ${where}`,
  });
}

/** A name that can stand in a startup message and on a line of a passfile. */
function readName(given: Given | undefined, what: string): string | undefined {
  if (given === undefined) return undefined;
  if (given.value === "") {
    throw new RdsiamError(
      "usage",
      `${what} of ${formatOrigin(given.origin)} is empty`,
    );
  }
  // deno-lint-ignore no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(given.value)) {
    throw new RdsiamError(
      "usage",
      `${what} of ${formatOrigin(given.origin)} holds a control character`,
    );
  }
  return given.value;
}
