import type { EngineName } from "../engine/engine.ts";
import { ENGINES } from "../engine/engines.ts";
import { RdsiamError } from "../errors.ts";
import { readMysqlSslMode } from "../engine/mysql_tls.ts";
import type { Secret } from "../secret.ts";
import { formatAddress } from "./address.ts";
import type { TargetField, TargetFields } from "./fields.ts";
import { dialledAddress, type LoginTarget } from "../engine/login_target.ts";

/** libpq's own names of a target's fields. */
export const LIBPQ_PARAMETERS = {
  host: "host",
  port: "port",
  user: "username",
  dbname: "dbname",
  hostaddr: "connect",
  sslmode: "sslmode",
  sslrootcert: "sslrootcert",
} as const satisfies Record<string, TargetField>;

/** Query parameters that a connection URL may have: libpq's own names, MySQL's, and rdsiam's. */
const PARAMETERS: Record<string, TargetField> = {
  ...LIBPQ_PARAMETERS,
  "ssl-mode": "sslmode",
  "ssl-ca": "sslrootcert",
  region: "region",
  profile: "profile",
  role_arn: "roleArn",
};

const SHAPE =
  /^([a-z]+):\/\/(?:([^@/?#]*)@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d*))?(?:\/([^?#]*))?(?:\?([^#]*))?$/;

/** Whether a text is meant as a connection URL rather than as a target's name. */
export function isConnectionUrl(text: string): boolean {
  return text.includes("://");
}

/**
 * Reads a `postgres://user@host:port/db?sslmode=…` URL as libpq does (PostgreSQL manual, "Connection URIs"): every part
 * is optional and percent-encoded, and `+` is a plus.
 *
 * The text is never repeated in an error, since it may hold a password.
 *
 * @throws {RdsiamError} `usage`, when it is malformed, holds a password or has a parameter that rdsiam does not know
 */
export function parseConnectionUrl(text: string): TargetFields {
  const match = SHAPE.exec(text);
  const engine = Object.values(ENGINES).find(({ urlProtocols }) =>
    urlProtocols.includes(match?.[1] ?? "")
  );
  if (match === null || engine === undefined) {
    throw new RdsiamError("usage", "Connection URL is not valid", {
      hint:
        "Write it as postgres://user@host:port/db, other characters percent-encoded",
    });
  }
  const [, , user = "", host = "", port = "", dbname = "", query = ""] = match;
  if (user.includes(":")) {
    throw new RdsiamError(
      "usage",
      "Connection URL holds a password, which does not belong there",
      {
        hint:
          "Leave it out: rdsiam signs a token, and takes an administrator's password from PGPASSWORD or the passfile",
      },
    );
  }
  const fields: TargetFields = { engine: engine.name };
  function set(field: TargetField, encoded: string) {
    if (encoded !== "") fields[field] = decode(encoded);
  }
  set("username", user);
  set("host", host.replace(/^\[(.*)\]$/, "$1"));
  set("port", port);
  set("dbname", dbname);
  for (const pair of query === "" ? [] : query.split("&")) {
    const [name = "", value = ""] = pair.split(/=(.*)/s);
    const field = Object.hasOwn(PARAMETERS, name)
      ? PARAMETERS[name]
      : undefined;
    if (field === undefined) {
      throw new RdsiamError(
        "usage",
        // What looks like no name may be the rest of a password that is not percent-encoded.
        /^\w+$/.test(name)
          ? `Connection URL has the parameter "${name}", which rdsiam does not know`
          : "Connection URL has a parameter that rdsiam does not know",
        { hint: `Known: ${Object.keys(PARAMETERS).join(", ")}` },
      );
    }
    set(field, name === "ssl-mode" ? readMysqlSslMode(value) : value);
  }
  return fields;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new RdsiamError(
      "usage",
      "Connection URL is not valid: a percent sign starts no character code",
      { hint: "Write a percent sign itself as %25", cause },
    );
  }
}

/**
 * Writes a connection URL that WHATWG URL parsers and the engine's own read alike, the token percent-encoded as its
 * password. With `connect`, its host must be an IP address.
 *
 * @throws {RdsiamError} `usage`, when no URL of this engine can say it
 */
export function formatConnectionUrl(
  target: LoginTarget & { engine: EngineName },
  token: Secret,
): string {
  const engine = ENGINES[target.engine];
  const { host, parameters } = engine.urlParts(target);
  const query = Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value ?? "")}`);
  const login = `${encodeURIComponent(target.username)}:${
    encodeURIComponent(token.reveal())
  }`;
  const address = formatAddress(host, dialledAddress(target).port);
  return `${engine.urlProtocols[0]}://${login}@${address}/${
    encodeURIComponent(target.database)
  }?${query.join("&")}`;
}
