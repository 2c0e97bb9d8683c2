import type { Refusal } from "../../core/pgwire/error_response.ts";

/** Who wants in, as its start-up packet says. */
export interface AttemptedLogin {
  username: string;
  database: string;
  isReplication: boolean;
  /** The client's address. */
  remoteHost: string;
}

/** Reads the parameters of a start-up packet as PostgreSQL does. */
export function readLogin(
  parameters: ReadonlyMap<string, string>,
  remoteHost: string,
): AttemptedLogin {
  const username = parameters.get("user") ?? "";
  return {
    username,
    database: parameters.get("database") || username,
    // A boolean of PostgreSQL, or "database" for logical replication.
    isReplication: /^(database|t|tr|tru|true|y|ye|yes|on|1)$/i.test(
      parameters.get("replication") ?? "",
    ),
    remoteHost,
  };
}

/** `ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION`, which all of these have on RDS. */
const INVALID_AUTHORIZATION = "28000";

/** RDS's words for a token that is not accepted, whatever the reason. */
export function tokenRefused({ username }: AttemptedLogin): Refusal {
  return {
    code: INVALID_AUTHORIZATION,
    message: `PAM authentication failed for user "${username}"`,
  };
}

/**
 * The words for a login that no line of pg_hba.conf lets in: without TLS, since `rds.force_ssl` is on, or for replication
 * with IAM, which RDS does not have.
 *
 * @param major the server's major version; before 14 encryption was worded another way
 */
export function noEntry(
  login: AttemptedLogin,
  isEncrypted: boolean,
  major: number,
): Refusal {
  const encryption = major >= 14
    ? (isEncrypted ? "SSL encryption" : "no encryption")
    : (isEncrypted ? "SSL on" : "SSL off");
  const user = `host "${login.remoteHost}", user "${login.username}"`;
  return {
    code: INVALID_AUTHORIZATION,
    message: login.isReplication
      ? `no pg_hba.conf entry for replication connection from ${user}, ${encryption}`
      : `no pg_hba.conf entry for ${user}, database "${login.database}", ${encryption}`,
  };
}

/** What PostgreSQL says to a start-up packet that it cannot read. */
export function protocolViolation(): Refusal {
  return { code: "08P01", message: "invalid startup packet" };
}
