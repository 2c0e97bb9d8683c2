import { ENGINES } from "../../core/engine/engines.ts";
import { RdsiamError } from "../../core/errors.ts";
import { formatAddress, isIpAddress } from "../../core/target/address.ts";
import { targetName } from "../../core/target/target.ts";
import type { SslMode } from "../../core/engine/login_target.ts";
import type { WriterEntry } from "../../core/writer/writer.ts";

/** How a client that has one field for the host gets at a target. */
export interface ClientLogin {
  /** What it dials, and what it looks up in the passfile. */
  host: string;
  /** The port that it dials. */
  port: number;
  /** How it can verify the server. */
  sslmode: SslMode;
  /** What the user should know. */
  notices: readonly string[];
}

/**
 * How a client without libpq's `hostaddr` logs in to a target. Where it dials something else than the endpoint, it
 * would compare the certificate with that name: `verify-full` becomes `verify-ca`, which checks the issuer alone.
 */
export function clientLogin(entry: WriterEntry, client: string): ClientLogin {
  const { name, connect, sslmode } = entry;
  const { host, port } = connect ?? entry;
  const isWeaker = connect !== undefined && sslmode === "verify-full";
  return {
    host,
    port,
    sslmode: isWeaker ? "verify-ca" : sslmode,
    notices: isWeaker
      ? [
        `"${name}" is dialled at ${
          formatAddress(host, port)
        }, where ${client} cannot check the endpoint's name in the certificate: it checks the issuer alone ` +
        `(verify-ca). \`rdsiam proxy\` keeps the full check`,
      ]
      : [],
  };
}

/**
 * The same for clients that can be told an address beside the name, as libpq's `hostaddr`: the endpoint's name stays,
 * for the certificate and mostly for the passfile.
 *
 * @throws {RdsiamError} `usage`, when what is dialled is no IP address
 */
export function namedLogin(
  { name, host, port, connect }: WriterEntry,
): { host: string; port: number; hostaddr: string | undefined } {
  if (connect === undefined) return { host, port, hostaddr: undefined };
  if (!isIpAddress(connect.host)) {
    throw new RdsiamError(
      "usage",
      `Cannot write "${name}": it is dialled at "${connect.host}", which must be an IP address`,
      { hint: "Give an IP address with connect, such as 127.0.0.1" },
    );
  }
  return { host, port: connect.port, hostaddr: connect.host };
}

/**
 * Refuses targets of MySQL and MariaDB.
 *
 * @param hint what else there is for them
 * @throws {RdsiamError} `usage`
 */
export function requirePostgres(
  { name, engine }: WriterEntry,
  client: string,
  hint = `Leave "${name}" out: name the other targets`,
) {
  if (ENGINES[engine].protocol === "postgres") return;
  throw new RdsiamError(
    "usage",
    `Cannot write "${name}": it is a ${engine} database, and this file is for ${client}`,
    { hint },
  );
}

/** Tells that a client which reads the default passfile will not find a token in another one; nothing where it will. */
export function passfileNotice(
  { passfile }: WriterEntry,
  client: string,
): readonly string[] {
  if (/(?:^|[\\/])(?:\.pgpass|pgpass\.conf)$/.test(passfile)) return [];
  return [
    `${client} reads the default passfile, or the one that PGPASSFILE names where it is started: ` +
    `the tokens are in ${passfile}`,
  ];
}

/** The words that name a target on rdsiam's command line: its name, or options where it has none of its own. */
export function targetWords(entry: WriterEntry): readonly string[] {
  const { name, engine, host, port, username, database } = entry;
  const ownName = targetName({ ...entry, region: "" });
  return name === ownName
    ? [
      ...(engine === "postgres" ? [] : ["--engine", engine]),
      ...["-h", host, "-p", String(port), "-U", username],
      ...(database === "" ? [] : ["-d", database]),
    ]
    : [name];
}
