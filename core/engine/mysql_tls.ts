import { RdsiamError } from "../errors.ts";
import type { LoginTarget, SslMode } from "./login_target.ts";

/** The `ssl-mode` of MySQL's clients for each of libpq's modes (MySQL manual, "Command Options for Encrypted Connections"). */
export const MYSQL_SSL_MODES: Readonly<Record<SslMode, string>> = {
  "require": "REQUIRED",
  "verify-ca": "VERIFY_CA",
  "verify-full": "VERIFY_IDENTITY",
};

/** The mode that a `ssl-mode` of MySQL stands for; what is none stays as it is. */
export function readMysqlSslMode(text: string): string {
  const found = Object.entries(MYSQL_SSL_MODES).find(([, mode]) =>
    mode === text.toUpperCase()
  );
  return found?.[0] ?? text;
}

/**
 * Refuses what a client of MySQL or MariaDB cannot verify: it looks in the certificate for the name that it dials, and
 * takes its trusted roots from a file.
 *
 * @throws {RdsiamError} `usage`
 */
export function checkDialled(target: LoginTarget): void {
  const { host, connect, sslmode, sslrootcert } = target;
  if (sslrootcert === "system") {
    throw new RdsiamError(
      "usage",
      "MySQL's clients cannot use the system's roots: they read a file",
      {
        hint:
          "Name it with --sslrootcert, such as /etc/ssl/certs/ca-certificates.crt",
      },
    );
  }
  if (
    sslmode !== "verify-full" || connect === undefined || connect.host === host
  ) return;
  throw new RdsiamError(
    "usage",
    `A MySQL client that dials ${connect.host} cannot verify ${host}: it looks for the name that it dials`,
    {
      hint:
        `Connect it to rdsiam proxy, as rdsiam exec does by itself, or let the hosts file lead ${host} to ${connect.host} and leave --connect out`,
    },
  );
}
