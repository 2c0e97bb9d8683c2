import { RdsiamError } from "../errors.ts";
import type { Secret } from "../secret.ts";
import { dialledAddress, type LoginTarget } from "./login_target.ts";
import { checkDialled, MYSQL_SSL_MODES } from "./mysql_tls.ts";

/** Whose client programs read an option file. */
export type Flavor = "both" | "mysql" | "mariadb";

/** Whose programs read the file, which groups of it, and with which password. */
export interface OptionGroups {
  /** Whose programs read it; what those of both need gives a harmless warning in MariaDB's. */
  flavor: Flavor;
  /** What the groups' names end with: `_orders` for programs that are given `--defaults-group-suffix=_orders`. */
  suffix: string;
  /** The token; without one the file holds the rest. */
  password: Secret | undefined;
}

/**
 * The longest password that a quoted line carries, in bytes. MariaDB reads lines of 4,095 bytes (mysys/my_default.c);
 * what is beyond is taken for an option, and printed.
 */
export const MAX_OPTION_PASSWORD_BYTES = 4083;

/**
 * The lines of an option file that log the clients of MySQL and MariaDB in (MySQL manual, "Using Option Files"). By
 * default both send a password to a server without TLS; `ssl-mode` keeps MySQL's from it, and `ssl-verify-server-cert`
 * alone MariaDB's, whatever the target's mode.
 *
 * @throws {RdsiamError} `usage`, when a client could not verify the server, or not read the password
 */
export function formatOptionGroups(
  target: LoginTarget,
  { flavor, suffix, password }: OptionGroups,
): string[] {
  checkDialled(target);
  const { host, port } = dialledAddress(target);
  const loose = flavor === "both" ? "loose-" : "";
  const isUnverified = target.sslmode === "require";
  const roots = target.sslrootcert === undefined
    ? []
    : [`ssl-ca=${quoteOptionValue(target.sslrootcert)}`];
  return [
    `[client${suffix}]`,
    ...formatLogin({ host, port, username: target.username, password }),
    ...(isUnverified ? [] : roots),
    ...(flavor === "mariadb" ? [] : [
      `${loose}enable-cleartext-plugin`, // with a value, MariaDB's mysql dies of it
      `${loose}ssl-mode=${MYSQL_SSL_MODES[target.sslmode]}`,
    ]),
    ...(flavor === "mysql" ? [] : [
      `[client-mariadb${suffix}]`,
      ...(isUnverified ? roots : []),
      "ssl-verify-server-cert",
    ]),
    ...formatDatabase(target.database, suffix),
  ];
}

/**
 * The same for a client of a local endpoint of rdsiam. What the user's own files ask of TLS is for other servers: this one
 * has none, or a certificate of its own.
 *
 * @param target what its `host` and `port` say is the endpoint
 */
export function formatLocalGroups(
  { host, port, username, database }: LoginTarget,
  flavor: Flavor,
  password: Secret,
): string[] {
  const loose = flavor === "both" ? "loose-" : "";
  return [
    "[client]",
    ...formatLogin({ host, port, username, password }),
    ...(flavor === "mariadb" ? [] : [`${loose}ssl-mode=PREFERRED`]),
    ...(flavor === "mysql"
      ? []
      : ["[client-mariadb]", "skip-ssl-verify-server-cert"]),
    ...formatDatabase(database, ""),
  ];
}

function formatLogin(
  { host, port, username, password }: {
    host: string;
    port: number;
    username: string;
    password: Secret | undefined;
  },
): string[] {
  return [
    `host=${quoteOptionValue(host)}`,
    `port=${port}`,
    "protocol=TCP", // else a client takes localhost for a socket
    `user=${quoteOptionValue(username)}`,
    ...(password === undefined ? [] : [`password=${quotePassword(password)}`]),
  ];
}

/** In `[client]`, the programs that know no such option would fail. */
function formatDatabase(database: string, suffix: string): string[] {
  return database === ""
    ? []
    : [`[mysql${suffix}]`, `database=${quoteOptionValue(database)}`];
}

/**
 * Quotes a value of an option file.
 *
 * @throws {RangeError} when it holds a control character, which no line can carry safely
 */
export function quoteOptionValue(text: string): string {
  if (/\p{Cc}/u.test(text)) {
    throw new RangeError(
      "Cannot write an option: its value holds a control character",
    );
  }
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

function quotePassword(password: Secret): string {
  const quoted = quoteOptionValue(password.reveal());
  const bytes = new TextEncoder().encode(quoted).length - 2;
  if (bytes > MAX_OPTION_PASSWORD_BYTES) {
    throw new RdsiamError(
      "usage",
      `Token is too long for an option file: ${bytes} bytes, where MariaDB's clients read ${MAX_OPTION_PASSWORD_BYTES} and print the rest`,
      { hint: "Use rdsiam exec --via password, or a session with fewer tags" },
    );
  }
  return quoted;
}
